/// How often LF, CR LF or CR stand in a text: every LF counts, and every CR before
/// something else.
package func lineBreakCount(
  from start: UnsafePointer<UInt8>, to end: UnsafePointer<UInt8>
) -> Int {
  let blockLength = 192  // a count of eight bits cannot overflow
  var position = start
  var count = 0
  while end - position > blockLength {  // one more: the byte after the block
    var blockCount: UInt8 = 0
    for index in 0..<blockLength {  // free of branches, so that it compiles to vectors
      blockCount &+= isBreak(position[index], before: position[index + 1])
    }
    count += Int(blockCount)
    position += blockLength
  }
  while position < end {
    let next = position + 1
    count += Int(isBreak(position.pointee, before: next < end ? next.pointee : 0))
    position = next
  }
  return count
}

@inline(__always)
private func isBreak(_ byte: UInt8, before next: UInt8) -> UInt8 {
  let isReturn: UInt8 = byte == carriageReturn ? 1 : 0
  let isOther: UInt8 = next != lineFeed ? 1 : 0
  return (byte == lineFeed ? 1 : 0) | isReturn & isOther
}
