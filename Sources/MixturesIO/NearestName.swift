/// The name that differs least from `name`, unless all differ in more than half of it.
func nearestName(to name: String, among names: [String]) -> String? {
  let wanted = Array(name.lowercased().prefix(100))
  let distances = names.prefix(1_000).map {
    editDistance(wanted, Array($0.lowercased().prefix(100)))
  }
  guard let best = distances.indices.min(by: { distances[$0] < distances[$1] }),
    2 * distances[best] <= max(wanted.count, 2)
  else { return nil }
  return names[best]
}

/// How many characters must be inserted, removed or replaced to make `left` of `right`.
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var row = Array(0...right.count)
  for (i, character) in left.enumerated() {
    var diagonal = i
    row[0] = i + 1
    for (j, other) in right.enumerated() {
      let replaced = diagonal + (character == other ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
    }
  }
  return row[right.count]
}
