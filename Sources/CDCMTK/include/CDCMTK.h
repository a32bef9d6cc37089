void cdcmtk_placeholder(void);
