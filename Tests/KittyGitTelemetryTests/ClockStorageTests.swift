import Events
import KittyGitTelemetry
import SystemPackage
import TestSupport
import Testing

/// Clocks over their storages.
struct `Lamport clock` {
  @Test func `ticking counts, and taking note of others goes above them`() throws {
    let storage = InMemoryClockStorage()
    var clock = try LamportClock(node: "a", storage: storage)
    #expect(clock.current == 0)
    #expect(try clock.tick() == 1)
    #expect(try clock.update(7) == 8)
    #expect(try clock.update(3) == 9)
    #expect(try clock.tick() == 10)
    #expect(storage.load("a") == 10 && storage.load("b") == 0)
    #expect(try LamportClock(node: "a", storage: storage).current == 10)
  }

  @Test func `a clock at the end of its numbers says so instead of starting again`() throws {
    let storage = InMemoryClockStorage()
    storage.save(.max, for: "a")
    var clock = try LamportClock(node: "a", storage: storage)
    #expect(throws: TelemetryError.self) { try clock.tick() }
    #expect(storage.load("a") == .max)
  }

  @Test func `names that look alike and differ in their bytes are different nodes`() {
    let storage = InMemoryClockStorage()
    storage.save(1, for: "\u{e9}")
    #expect(storage.load("e\u{301}") == 0)
  }

  @Test func `a file keeps the values of several nodes`() throws {
    let scratch = try ScratchDirectory()
    let path = FilePath(scratch.path + "/not/there/clock.json")
    let storage = FileClockStorage(path)
    #expect(try storage.load("cli:WP01") == 0)
    try storage.save(3, for: "cli:WP01")
    try storage.save(5, for: "cli:WP02")
    #expect(try storage.load("cli:WP01") == 3 && storage.load("cli:WP02") == 5)
    try storage.save(2, for: "cli:WP01")
    #expect(try FileClockStorage(path).load("cli:WP01") == 2)
  }

  @Test func `a corrupt file gives 0 and can be saved to`() throws {
    let repository = try TestRepository()
    try repository.write("clock.json", "not json")
    let storage = FileClockStorage(FilePath(repository.path + "/clock.json"))
    #expect(try storage.load("cli:WP01") == 0)
    try storage.save(1, for: "cli:WP01")
    #expect(try storage.load("cli:WP01") == 1)
  }
}
