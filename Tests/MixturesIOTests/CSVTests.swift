import Mixtures
import MixturesIO
import Testing

@Suite struct CSVTests {
  private func rows(_ text: String, _ selection: ColumnSelection = ColumnSelection()) throws
    -> [[Double]]
  {
    try table(text, selection).points.allRows
  }

  // MARK: Dialects

  @Test(arguments: [
    "a,b\n1,2\n3,4\n", "a,b\n1,2\n3,4", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4\r", "a,b\r1,2\r3,4",
    "a\tb\n1\t2\n3\t4\n", "a;b\n1;2\n3;4\n", "\u{FEFF}a,b\n1,2\n3,4\n",
    "\n\n  \na,b\n\n1,2\n \t \n3,4\n\n", "# by hand\na,b\n1,2\n  # half way\n3,4\n# end",
    " a , b \n 1,2 \n\t3 ,\t4\t\n", "a,\tb\n1,\t2\n3,\t4\n",
    "\"a\",\"b\"\n\"1\",\"2\"\n\"3\" , \"4\"\n", "\"a\",b\n1,2\n3,4\n",
    "a,b\n+1,2.\n3e0,.4E1\n", "a,b\r\n\r\n1,2\n3,4\r",
  ])
  func dialectsReadAlike(text: String) throws {
    let table = try table(text)
    #expect(table.hasHeader)
    #expect(table.points.featureNames == ["a", "b"])
    #expect(table.points.allRows == [[1, 2], [3, 4]])
    #expect(table.classes == nil && table.weights == nil)
  }

  @Test func delimiterInQuotesIsText() throws {
    #expect(try table("\"a;b\tc\"\"; ,\",d\n1,2\n").points.featureNames == ["a;b\tc\"; ,", "d"])
    #expect(try table("\"x\ny\";\"p,q\"\n1;2\n").points.featureNames == ["x\ny", "p,q"])
  }

  @Test func tabBeforeAnythingElseOnTheFirstRow() throws {
    let names = try table("a, b; c\td\n1\t2\n").points.featureNames
    #expect(names == ["a, b; c", "d"])
  }

  /// Each with a column to read and the name that it should have.
  private static let firstRows: [(String, column: String, name: String)] = [
    ("x,y\n1,2\n", "1", "x"),
    ("x,species\n1,a\n", "1", "x"),
    ("x,1990\n7,0.3\n", "2", "1990"),
    ("?,x\n1,2\n", "1", "?"),
    ("1,2,c\n3,4,5\n", "1", "1"),
    ("x,y\nNA,2\n", "2", "y"),
    ("1,2\n3,4\n", "1", "x1"),
    ("1e5,-.5\n", "2", "x2"),
    ("1,NA\n3,4\n", "1", "x1"),
    ("5.1,setosa\n4.9,setosa\n", "1", "x1"),
    ("5.1,setosa\n", "1", "x1"),
    ("5.1,setosa\n4.9,?\n", "1", "x1"),
    ("\"1\",\"2\"\n3,4\n", "2", "x2"),
    ("1e400,2\n3,4\n", "2", "x2"),
  ]

  @Test(arguments: firstRows)
  func headerIsTextAboveNumbers(text: String, column: String, name: String) throws {
    let table = try table(text, ColumnSelection(features: [column]))
    #expect(table.points.featureNames == [name])
    #expect(table.hasHeader == (name != "x\(column)"))
  }

  @Test func singleColumn() throws {
    #expect(try rows("x\n1\n\n2\n") == [[1], [2]])
    #expect(try rows("1\n2") == [[1], [2]])
  }

  @Test func invalidUTF8InTheHeaderIsReplaced() throws {
    let bytes: [UInt8] = [0x61, 0xFF, 0xC3, 0x2C, 0x62, 0x0A, 0x31, 0x2C, 0x32, 0x0A]
    let table = try table(bytes)
    #expect(table.points.featureNames == ["a\u{FFFD}\u{FFFD}", "b"])
    #expect(table.points.allRows == [[1, 2]])
  }

  @Test func unnamedColumnsHaveNumbers() throws {
    let selection = ColumnSelection(features: ["b", "1"])
    #expect(try table(",b,\n1,2,3\n").points.featureNames == ["x1", "b", "x3"])
    #expect(try rows(",b,\n1,2,3\n", selection) == [[2, 1]])
  }

  // MARK: Roles

  private static let mixed = "id,x,species,y,w\nA1,1,setosa,2,0.5\nA2,3,\"Iris, \"\"v\"\"\",4,2\n"

  @Test func everyRole() throws {
    let table = try table(
      Self.mixed,
      ColumnSelection(excluded: ["id"], classColumn: "species", weightColumn: "w"))
    #expect(table.points.featureNames == ["x", "y"])
    #expect(table.points.allRows == [[1, 2], [3, 4]])
    #expect(table.classes == ["setosa", "Iris, \"v\""])
    #expect(table.weights == [0.5, 2])
  }

  @Test func featuresKeepTheOrderAskedFor() throws {
    #expect(try rows(Self.mixed, ColumnSelection(features: ["y", "2"])) == [[2, 1], [4, 3]])
    #expect(try rows("2,1\n5,6\n7,8\n", ColumnSelection(features: ["1"])) == [[2], [5], [7]])
  }

  @Test func aNameGoesBeforeANumber() throws {
    let text = "x,\"1\",k\n5,6,7\n"
    #expect(try rows(text, ColumnSelection(features: ["1"])) == [[6]])
    #expect(try rows(text, ColumnSelection(features: ["3"])) == [[7]])
  }

  @Test func classesAreTextAsWritten() throws {
    let classes = try table(
      "x,c\n1, 01 \n2,\"NA\"\n3,# a\n4,\" b \"\n5,a class of many letters\n6,a class of many letters\n",
      ColumnSelection(classColumn: "c")
    ).classes
    let long = "a class of many letters"
    #expect(classes == ["01", "NA", "# a", " b ", long, long])
  }

  @Test func otherColumnsAreNotLookedAt() throws {
    let selection = ColumnSelection(features: ["a"])
    #expect(try rows("a,b\n1,NA\n2,\n3,1e999\n4,\"x\ny\"\n", selection) == [[1], [2], [3], [4]])
  }

  // MARK: Messages

  private static let faultyTexts: [(String, String)] = [
    ("", "points.csv: the file is empty. It should hold a row of numbers for each point."),
    ("\u{FEFF}", "points.csv: the file is empty. It should hold a row of numbers for each point."),
    (
      "\n# nothing\n  ",
      "points.csv: the file is empty. It should hold a row of numbers for each point."
    ),
    (
      "a,b\n\n",
      "points.csv: the file has a header and no rows. It should hold a row of numbers for each point."
    ),
    (
      "id,income\n1,2\n\n3,n/a\n",
      "points.csv, line 4, column 2 (income): expected a number, found \"n/a\". "
        + "Remove the row, or leave the column out with --exclude income."
    ),
    (
      "id,the income\n1,x\n",
      "points.csv, line 2, column 2 (the income): expected a number, found \"x\". "
        + "Remove the row, or leave the column out with --exclude 2."
    ),
    (
      "1,2\n1,inf\n",
      "points.csv, line 2, column 2: expected a number, found \"inf\". "
        + "Remove the row, or leave the column out with --exclude x2."
    ),
    (
      "a,b\n1,\n",
      "points.csv, line 2, column 2 (b): expected a number, found an empty cell. "
        + "Remove the row, or leave the column out with --exclude b."
    ),
    (
      "a,b\nnan,1\n",
      "points.csv, line 2, column 1 (a): expected a number, found the missing value \"nan\". "
        + "Remove the row, or leave the column out with --exclude a."
    ),
    (
      "a\n1e400\n",
      "points.csv, line 2, column 1 (a): expected a number, found \"1e400\", which is beyond "
        + "the range of Float64. Correct the cell, or remove the row."
    ),
    (
      "a,b\n1,2\n3,4,5,6\n",
      "points.csv, line 3: expected 2 cells as in the first row, found 4. "
        + "Complete or remove the row; quote a cell that contains a delimiter."
    ),
    (
      "a,b\n1,2\n3",
      "points.csv, line 3: expected 2 cells as in the first row, found 1. "
        + "Complete or remove the row; quote a cell that contains a delimiter."
    ),
    (
      "a\n1,2\n",
      "points.csv, line 2: expected 1 cell as in the first row, found 2. "
        + "Complete or remove the row; quote a cell that contains a delimiter."
    ),
    (
      "a,b\n\"1\n2,3\n",
      "points.csv, line 2: a quotation mark opens a cell and none closes it. "
        + "Close the cell; inside it, write a quotation mark twice."
    ),
    (
      "\"a,b\n1,2\n",
      "points.csv, line 1: a quotation mark opens a cell and none closes it. "
        + "Close the cell; inside it, write a quotation mark twice."
    ),
    (
      "a,b\n1,\"2\"3\n",
      "points.csv, line 2: text follows the closing quotation mark of a cell. "
        + "Separate the cells; inside one, write a quotation mark twice."
    ),
    (
      "a;b\n1,5;2\n",
      "points.csv, line 2, column 1 (a): expected a number, found \"1,5\". "
        + "Write decimals with a point."
    ),
    (
      "a b\n1 2\n",
      "points.csv, line 2, column 1 (a b): expected a number, found \"1 2\". "
        + "Separate the cells by comma, tab or semicolon."
    ),
    (
      "a,b\n1,\"x\ny\u{1B}[2J\u{202E}\"\n",
      "points.csv, line 2, column 2 (b): expected a number, "
        + "found \"x\\ny\\u{1b}[2J\\u{202e}\". Remove the row, or leave the column out with --exclude b."
    ),
    (
      "\"a\n\nb\"\n7\n\"\n8\"\nz\n",
      "points.csv, line 5, column 1 (a\\n\\nb): expected a number, found \"\\n8\". "
        + "Remove the row, or leave the column out with --exclude 1."
    ),
    (
      "a,a\n1,2\n",
      "points.csv: columns 1 and 2 are both called \"a\". "
        + "Rename one, or leave it out with --exclude 2."
    ),
    (
      "PK\u{3}\u{4}rest",
      "points.csv: expected a text table or NPY, found "
        + "a zip archive (NPZ or a spreadsheet). Save one array with numpy.save, or the sheet as CSV."
    ),
  ]

  @Test(arguments: faultyTexts)
  func dataMessages(text: String, expected: String) {
    #expect(message(text) == expected)
  }

  @Test(
    arguments: [
      ([0x1F, 0x8B, 8], "gzip"), ([0x28, 0xB5, 0x2F, 0xFD], "Zstandard"),
      ([0xFF, 0xFE], "UTF-16 text"),
      (Array("PAR1".utf8), "Parquet"), ([0x89] + Array("HDF".utf8), "HDF5"),
    ] as [([UInt8], String)])
  func otherFormatsAreNamed(start: [UInt8], name: String) {
    do throws(TableError) {
      _ = try table(start + Array("1,2\n".utf8))
      Issue.record("no error")
    } catch {
      #expect(error.problem == "expected a text table or NPY, found \(name)")
    }
  }

  @Test func longCellsAreCut() throws {
    let text = "a\n" + String(repeating: "é", count: 1_000) + "\n"
    let expected = "found \"" + String(repeating: "é", count: 40) + "…\"."
    #expect(message(text)?.contains(expected) == true)
  }

  private static let faultySelections: [(ColumnSelection, String)] = [
    (
      ColumnSelection(features: ["incone"]),
      "points.csv: unknown column \"incone\". The file has: id, income, age. Nearest: income."
    ),
    (
      ColumnSelection(features: ["4"]),
      "points.csv: unknown column \"4\". The file has: id, income, age."
    ),
    (
      ColumnSelection(features: ["0"]),
      "points.csv: unknown column \"0\". The file has: id, income, age."
    ),
    (
      ColumnSelection(features: ["99999999999999999999999"]),
      "points.csv: unknown column \"99999999999999999999999\". The file has: id, income, age."
    ),
    (
      ColumnSelection(classColumn: "Age"),
      "points.csv: unknown column \"Age\". The file has: id, income, age. Nearest: age."
    ),
    (
      ColumnSelection(excluded: ["id", "income", "age"]),
      "points.csv: no column is left to be a feature. "
        + "Exclude fewer columns. The file has: id, income, age."
    ),
    (
      ColumnSelection(features: []),
      "points.csv: no column is left to be a feature. "
        + "Exclude fewer columns. The file has: id, income, age."
    ),
    (
      ColumnSelection(features: ["id", "1"]),
      "points.csv, column 1 (id): the column is chosen twice. Name it once."
    ),
    (
      ColumnSelection(features: ["id"], excluded: ["id"]),
      "points.csv, column 1 (id): the column is a feature and also excluded. "
        + "Name it in one of the two places only."
    ),
    (
      ColumnSelection(features: ["id"], weightColumn: "id"),
      "points.csv, column 1 (id): the column is a feature and also the weight. "
        + "Leave it out of the features, or give it no other role."
    ),
    (
      ColumnSelection(classColumn: "id", weightColumn: "id"),
      "points.csv, column 1 (id): the column is both the class and the weight. "
        + "Give each its own column."
    ),
  ]

  @Test(arguments: faultySelections)
  func selectionMessages(selection: ColumnSelection, expected: String) {
    let text = "id,income,age\n1,2,3\n"
    #expect(message(text, selection) == expected)
    #expect(throws: TableError.self) { try table(text, selection) }
    do { _ = try table(text, selection) } catch { #expect(error.kind == .invalidSelection) }
  }

  @Test func aDuplicateNameHarmsOnlyWhereItIsUsed() throws {
    let text = "a,b,a\n1,2,3\n"
    #expect(try rows(text, ColumnSelection(features: ["b"])) == [[2]])
    #expect(try rows(text, ColumnSelection(excluded: ["3"])) == [[1, 2]])
    #expect(
      message(text, ColumnSelection(features: ["a"]))
        == "points.csv: columns 1 and 3 are both called \"a\". "
        + "Rename one, or leave it out with --exclude 3.")
  }

  @Test(arguments: ["-1", "-1e-9", "x", "", "NaN", "inf", "1e999"])
  func weightsAreNumbersFromZero(weight: String) {
    let text = "x,w\n1,1\n2,\(weight)\n"
    let found = message(text, ColumnSelection(weightColumn: "w"))
    #expect(found?.hasPrefix("points.csv, line 3, column 2 (w): expected a ") == true)
  }

  @Test(arguments: ["", "NA", "?", "\"\""])
  func classesMayNotBeMissing(label: String) {
    let found = message("x,c\n1,a\n2,\(label)\n", ColumnSelection(classColumn: "c"))
    #expect(found?.hasPrefix("points.csv, line 3, column 2 (c): expected a class, found ") == true)
    #expect(found?.hasSuffix("Remove the row, or do without the class.") == true)
  }

  @Test func errorsHaveFields() {
    do throws(TableError) {
      _ = try table("a,b\n1,x\n")
      Issue.record("no error")
    } catch {
      #expect(error.kind == .invalidData)
      #expect(error.line == 2)
      #expect(error.column == TableError.Column(number: 2, name: "b"))
      #expect(error.path == "points.csv")
    }
  }

  @Test func anEndlessLineIsRefused() {
    let text = String(repeating: ",", count: 2_000_000)
    #expect(message(text)?.contains("the row has more than 1048576 cells") == true)
  }
}
