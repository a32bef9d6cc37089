// Process-wide set-up of DCMTK, done once before the first call that needs it.
#pragma once

namespace cdcm {

/// Registers the codecs, silences the log, and lets elements of VR UN take the data dictionary's VR.
void setUp();

}  // namespace cdcm
