/// A call of one of the commands that join.
struct Join {
  var isRepair = false
  /// The branches or commits that are named.
  var revisions: [String] = []
  /// Further arguments.
  var options: [String] = []

  var arguments: [String] { [isRepair ? "repair" : "merge", "--json"] + options + revisions }
}
