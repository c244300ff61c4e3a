/** Set by the build: package version and short commit ("unknown" outside a git checkout). */
declare const __DRIFTSCOPE_VERSION__: string;
declare const __DRIFTSCOPE_COMMIT__: string;
