// Keeps libgit2 from making ready for networks. See NoNetwork.c.
#pragma once
