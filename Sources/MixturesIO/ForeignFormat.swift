/// A format that people hand over by mistake, known by its first bytes.
struct ForeignFormat {
  let name: String
  let advice: String

  init?(of bytes: UnsafeBufferPointer<UInt8>) {
    let known: [(start: [UInt8], name: String, advice: String)] = [
      ([0x1F, 0x8B], "gzip", "Decompress it first with gunzip."),
      ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard", "Decompress it first with unzstd."),
      (
        Array("PK\u{3}\u{4}".utf8), "a zip archive (NPZ or a spreadsheet)",
        "Save one array with numpy.save, or the sheet as CSV."
      ),
      (Array("PAR1".utf8), "Parquet", "Export it as CSV first."),
      ([0x89] + Array("HDF".utf8), "HDF5", "Export it as CSV or NPY first."),
      ([0xFF, 0xFE], "UTF-16 text", "Save it as UTF-8."),
      ([0xFE, 0xFF], "UTF-16 text", "Save it as UTF-8."),
    ]
    guard let match = known.first(where: { bytes.starts(with: $0.start) }) else { return nil }
    (name, advice) = (match.name, match.advice)
  }
}
