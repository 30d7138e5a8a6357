/// A file that is there to be read: all of it as memory, or piece by piece.
enum OpenedFile {
  case mapped(FileBytes)
  /// Without a size if it cannot be read at any place.
  case streamed(StreamedFile, size: Int?)

  init(_ path: String, _ options: TableOptions) throws(TableError) {
    do throws(SystemError) {
      let file = try path == "-" ? Descriptor.standardInput : Descriptor.reading(path)
      let status = try file.status()
      if status.kind == .directory { throw .isDirectory }
      let size = status.kind == .regular && file.isAtStart ? status.size : nil
      if try file.isToBeStreamed(size: size, options) {
        self = .streamed(StreamedFile(file), size: size)
      } else {
        self = .mapped(try FileBytes(contentsOf: file))
      }
    } catch {
      throw TableError(unreadable: error, path: path)
    }
  }
}

extension Descriptor {
  fileprivate func isToBeStreamed(
    size: Int?, _ options: TableOptions
  ) throws(SystemError) -> Bool {
    guard options.isStreamed == nil, let size else { return options.isStreamed ?? false }
    let isBinary = try startsWithMagic || options.raw != nil
    return options.streams(fileSize: size, isText: !isBinary, memory: Machine.memory)
  }

  private var startsWithMagic: Bool {
    get throws(SystemError) {
      var start = Array(repeating: UInt8(0), count: NPYHeader.magic.count)
      let count = try start.withUnsafeMutableBufferPointer { bytes throws(SystemError) in
        try read(into: UnsafeMutableRawBufferPointer(bytes), at: 0)
      }
      return count == start.count && start == NPYHeader.magic
    }
  }
}

extension TextWindow {
  /// A window over a file of the given name.
  convenience init(_ file: StreamedFile, path: String) throws(TableError) {
    do throws(SystemError) {
      try self.init(file)
    } catch {
      throw TableError(unreadable: error, path: path)
    }
  }

  /// Makes all of the rows seen that say what a text table is like.
  func showFirstRows(path: String) throws(TableError) {
    while !isLast, !CSVTable.isLaidOut(by: text) {
      guard text.count < Self.limit, let start = text.baseAddress else {
        throw TableError(
          .invalidData, path: path,
          problem: "the first two rows are longer than \(Self.limit >> 20) MiB",
          advice:
            "Look for a quotation mark that is not closed, or for line breaks that are missing.")
      }
      do throws(SystemError) {
        try moveOn(to: start)
      } catch {
        throw TableError(unreadable: error, path: path)
      }
    }
  }

  /// All that comes through a pipe, in a temporary file, with its size.
  func copyOfFile(path: String) throws(TableError) -> (StreamedFile, Int) {
    var size = 0
    let copy: StreamedFile
    do throws(SystemError) {
      copy = try StreamedFile(.temporary(in: FileSystem.temporaryFolder))
    } catch {
      throw TableError(unstorable: error, path: path)
    }
    while let start = text.baseAddress, !text.isEmpty {
      do throws(SystemError) {
        try copy.write(UnsafeRawBufferPointer(text))
      } catch {
        throw TableError(unstorable: error, path: path)
      }
      size += text.count
      if isLast { break }
      do throws(SystemError) {
        try moveOn(to: start + text.count)
      } catch {
        throw TableError(unreadable: error, path: path)
      }
    }
    do throws(SystemError) {
      try copy.rewind()
    } catch {
      throw TableError(unstorable: error, path: path)
    }
    return (copy, size)
  }
}

extension TableError {
  init(unreadable error: SystemError, path: String) {
    self.init(
      .unreadable, path: path, problem: "cannot be read: \(error.reason)",
      advice: "Check the path and the permissions.")
  }
}
