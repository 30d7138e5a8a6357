import ArgumentParser
import MixturesIO
import MixturesReport

/// Pages are HTML.
enum PageFormat {
  /// What a reader would not open with a browser.
  private static let others: Set = [
    "csv", "docx", "eps", "gif", "jpeg", "jpg", "json", "md", "npy", "pdf", "png", "ps", "svg",
    "tex",
    "tsv", "txt", "webp",
  ]

  /// Refuses a file whose name promises something else.
  static func check(_ path: String, option: String) throws {
    guard let ending = FigureFormat.ending(of: path), others.contains(ending.lowercased()) else {
      return
    }
    let page = path.dropLast(ending.count) + "html"
    throw ValidationError(
      "Pages are HTML: write \(option) \(CommandText(arguments: [String(page)]).description)"
        + (ending.lowercased() == "pdf" ? ", and print it to PDF with a browser." : "."))
  }
}

/// Figures are SVG; other programs make the rest of it.
enum FigureFormat {
  /// What rsvg-convert writes beside bitmaps.
  private static let vectors: Set = ["pdf", "ps", "eps"]

  /// What other programs make of a PNG.
  private static let bitmaps: Set = [
    "avif", "bmp", "gif", "heic", "heif", "ico", "jpeg", "jpg", "jxl", "tif", "tiff", "webp",
  ]

  /// Refuses a file whose name promises something else: one without an ending promises nothing.
  static func check(_ path: String) throws {
    guard let ending = ending(of: path), ending.lowercased() != "svg" else { return }
    let stem = path.dropLast(ending.count)
    let svg = stem + "svg"
    throw ValidationError(
      "Figures are SVG: write -o \(quoted(svg))\(conversion(of: svg, to: path, ending.lowercased()))."
    )
  }

  /// What follows the last point of the file's own name; `nil` where there is none.
  static func ending(of path: String) -> String? {
    let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    guard let point = name.lastIndex(of: "."), point > name.startIndex else { return nil }
    let ending = name[name.index(after: point)...]
    return ending.isEmpty ? nil : String(ending)
  }

  private static func conversion(of svg: Substring, to path: String, _ ending: String) -> String {
    let isVector = vectors.contains(ending)
    guard isVector || ending == "png" || bitmaps.contains(ending) else { return "" }
    if isVector { return ", then run rsvg-convert -f \(ending) \(quoted(svg)) -o \(quoted(path))" }
    let png = ending == "png" ? Substring(path) : svg.dropLast(3) + "png"
    let advice = ", then run rsvg-convert -z 2 \(quoted(svg)) -o \(quoted(png))"
    return ending == "png" ? advice : advice + ", and make \(ending.uppercased()) of that"
  }

  private static func quoted(_ path: some StringProtocol) -> String {
    CommandText(arguments: [String(path)]).description
  }
}
