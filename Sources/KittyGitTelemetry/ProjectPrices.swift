internal import Git
internal import Journal
package import Reports
package import SystemPackage

/// The prices that a project estimates costs by.
package enum ProjectPrices {
  /// Where a project keeps prices of its own unless it says otherwise, below the top of the work tree.
  static let usualFile = ".kittify/prices.json"
  /// The setting that names another file.
  static let setting = "kitty-telemetry.prices"

  /// The built-in prices with those of the project that `directory` lies in; outside of one, the built-in ones.
  ///
  /// - Throws: ``TelemetryError`` with `environment` when the project's table cannot be read.
  package static func table(from directory: FilePath) throws(TelemetryError) -> PriceTable {
    let repository: Repository
    do {
      repository = try Repository(discoveredFrom: directory.string)
    } catch {
      return .builtIn
    }
    return try table(in: repository)
  }

  static func table(in repository: borrowing Repository) throws(TelemetryError) -> PriceTable {
    let named: String?
    do {
      named = try repository.configuration(setting)
    } catch {
      // Where nobody can read the settings, which whoever needs them more will say, the usual file counts.
      guard error.code == .unsupported else { throw TelemetryError(.environment, "\(error)") }
      named = nil
    }
    let top = FilePath(repository.workTree ?? repository.commonDirectory)
    let path = top.pushing(FilePath(named ?? usualFile))
    do {
      guard let file = try OpenFile.ifPresent(path) else {
        guard named == nil else {
          throw TelemetryError(
            .environment,
            "cannot read the prices in \(path): there is no such file; change it with: git config \(setting) <file>")
        }
        return .builtIn
      }
      let text = try file.readAll(atMost: 16 << 20)
      // Known by what git calls the file's content, so that anybody can find out which prices an estimate was made by.
      let identity = "\(path.lastComponent?.string ?? "prices") \(try ObjectID(hashing: text))"
      return PriceTable.builtIn.overridden(by: try PriceTable(json: text, identity: identity))
    } catch let error as PriceTableError {
      throw TelemetryError(.environment, "cannot use the prices in \(path): \(error.reason); mend the file")
    } catch let error as TelemetryError {
      throw error
    } catch {
      throw TelemetryError(.environment, "\(error)")
    }
  }
}
