namespace System.Runtime.CompilerServices;

// Records and init accessors need this type, which netstandard2.0 lacks.
static class IsExternalInit;
