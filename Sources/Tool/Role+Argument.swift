public import ArgumentParser
public import Events

extension Role: ExpressibleByArgument {}
