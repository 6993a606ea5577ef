import Git
import TestSupport
import Testing

struct HistoryTests {
  /// A history that parts after `base` and comes together in `merge`.
  private struct Diamond {
    let scratch: TestRepository
    let base, left, right, merge: ObjectID

    init() throws {
      scratch = try TestRepository()
      base = try id(scratch.commit("base"))
      try scratch.git("checkout", "--quiet", "-b", "side")
      right = try id(scratch.commit("right"))
      try scratch.git("checkout", "--quiet", "main")
      left = try id(scratch.commit("left"))
      try scratch.git("merge", "--quiet", "--no-ff", "-m", "merge", "side")
      merge = try id(scratch.git("rev-parse", "HEAD"))
    }
  }

  private func walked(
    _ repository: borrowing Repository, from starts: [ObjectID], hiding hidden: [ObjectID] = [],
    firstParentOnly: Bool = false, atMost limit: Int = .max
  ) throws -> [ObjectID] {
    var seen: [ObjectID] = []
    try repository.walk(from: starts, hiding: hidden, firstParentOnly: firstParentOnly) { id in
      seen.append(id)
      return seen.count < limit
    }
    return seen
  }

  @Test(arguments: Answerer.allCases)
  func `a walk goes from new to old and passes over what is hidden or absent`(answerer: Answerer) throws {
    let diamond = try Diamond()
    let repository = try open(diamond.scratch.path, for: answerer)
    let absent = try id(String(repeating: "1", count: 40))
    let all = try walked(repository, from: [diamond.merge, absent])
    #expect(all == [diamond.merge, diamond.left, diamond.right, diamond.base])
    let hidden = try walked(repository, from: [diamond.merge], hiding: [diamond.right, absent])
    #expect(hidden == [diamond.merge, diamond.left])
    let first = try walked(repository, from: [diamond.merge], firstParentOnly: true)
    #expect(first == [diamond.merge, diamond.left, diamond.base])
    let few = try walked(repository, from: [diamond.merge], atMost: 2)
    #expect(few == [diamond.merge, diamond.left])
    let none = try walked(repository, from: [absent])
    #expect(none.isEmpty)
  }

  @Test(arguments: Answerer.allCases)
  func `a history that was cut off ends quietly`(answerer: Answerer) throws {
    let diamond = try Diamond()
    let shallow = diamond.scratch.folder.path + "/shallow"
    try diamond.scratch.git("clone", "--quiet", "--depth=2", "file://\(diamond.scratch.path)", shallow)
    let repository = try open(shallow, for: answerer)
    let all = try walked(repository, from: [diamond.merge])
    #expect(all == [diamond.merge, diamond.left, diamond.right])
    let hidden = try walked(repository, from: [diamond.merge], hiding: [diamond.left])
    #expect(hidden == [diamond.merge, diamond.right])
  }
}
