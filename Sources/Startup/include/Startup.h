// What the executable is spared when it starts. Nothing here is called by name: these functions stand in for others, see
// NoNetwork.c and Arguments.c, and `emit.order` is for the linker.
#pragma once
