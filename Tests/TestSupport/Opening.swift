package import Git

/// The failure to shut out the configuration of the machine and of whoever runs the tests, once and for all of them.
private let isolation: (any Error)? = {
  do {
    try Library.readConfiguration(onlyFrom: "/dev/null")
    return nil
  } catch {
    return error
  }
}()

/// Shuts out the configuration of the machine and of whoever runs the tests.
package func isolateGit() throws {
  if let isolation { throw isolation }
}

/// Opens the repository that `path` lies in, with its own configuration only.
package func open(_ path: String) throws -> Repository {
  try isolateGit()
  return try Repository(discoveredFrom: path)
}

/// Reads an object's name as git prints it.
package func id(_ hex: String) throws -> ObjectID {
  struct NoName: Error { let text: String }
  guard let id = ObjectID(hex: hex) else { throw NoName(text: hex) }
  return id
}
