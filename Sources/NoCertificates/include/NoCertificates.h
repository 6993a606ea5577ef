// Keeps libgit2 from reading the system's certificates. See NoCertificates.c.
#pragma once
