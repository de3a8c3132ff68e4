// Who runs the parallel regions of libtorch and oneDNN.
#pragma once

// From now on teams of ours do, if nothing in the process needs more of OpenMP than they offer; false: libgomp goes on.
// Before anything has run in parallel.
bool start_teams();
