#if NETSTANDARD2_0
namespace System.Runtime.CompilerServices;

// Records and init accessors need this type, which netstandard2.0 lacks.
static class IsExternalInit;
#else
using System.Runtime.CompilerServices;

// Code that was compiled against this assembly for netstandard2.0 looks for the type here.
[assembly: TypeForwardedTo(typeof(IsExternalInit))]
#endif
