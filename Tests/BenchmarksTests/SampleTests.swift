import Testing

@testable import Benchmarks

/// Figures of what was measured several times.
struct `A sample` {
  @Test func `has the value in the middle for its median, whatever the order`() {
    #expect(Sample([9, 1, 5]).median == 5)
    #expect(Sample([4, 1, 100, 2]).median == 3)
    #expect(Sample([]).median == nil)
  }

  @Test func `is compared run by run, so that a slow moment of the machine counts on both sides`() {
    let ratios = Sample([2, 20, 4]).ratios(to: Sample([1, 10, 4]))
    #expect(ratios.values == [2, 2, 1])
    #expect(ratios.median == 2)
    #expect(ratios.minimum == 1)
  }
}

/// What is wanted, and whether it is so.
struct `A goal` {
  @Test(arguments: Goal.allCases) func `aims at no more than the least that is wanted`(goal: Goal) {
    #expect(goal.wish.aim <= goal.wish.least)
    #expect(goal.verdict(on: goal.wish.aim) == .reached)
    #expect(goal.verdict(on: goal.wish.least.nextUp) == .missed)
    #expect(goal.verdict(on: .nan) == .missed)
  }

  @Test func `between its two figures is met`() {
    #expect(Goal.emitWithNote.verdict(on: 1.5) == .met)
  }

  @Test func `belongs to exactly one experiment`() {
    let goals = Experiment.all.flatMap(\.goals)
    #expect(goals.count == Set(goals).count)
    #expect(Set(goals) == Set(Goal.allCases))
  }
}
