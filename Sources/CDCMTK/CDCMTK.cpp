extern "C" void cdcmtk_placeholder(void) {}
