using System.Reflection;
using System.Runtime.InteropServices;

namespace Hearth.Engine.Duck;

/// <summary>Finds and loads libduckdb once per process: the file that <c>HEARTH_DUCKDB</c> names, else
/// <c>node_modules/@duckdb/node-bindings-PLATFORM/</c> in a directory above the executable.</summary>
public static class DuckLibrary
{
    /// <summary>Environment variable with the path of the library file.</summary>
    public const string Variable = "HEARTH_DUCKDB";

    private static readonly Lazy<string> Loaded = new(Load, LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Version text of the loaded library, for example <c>v1.5.6</c>.</summary>
    /// <exception cref="EngineException">The library is not installed.</exception>
    public static unsafe string Version
    {
        get
        {
            EnsureLoaded();
            return NativeMethods.Text(NativeMethods.duckdb_library_version());
        }
    }

    /// <summary>Loads the library when that has not happened yet.</summary>
    /// <exception cref="EngineException">The library is not installed.</exception>
    public static void EnsureLoaded() => _ = Loaded.Value;

    /// <summary>The npm package that carries the library for this platform.</summary>
    public static string PackageName => $"@duckdb/node-bindings-{Platform}-{Architecture}";

    /// <summary>The library file for the given settings, or null when there is none.</summary>
    /// <param name="configured">Value of <see cref="Variable"/>, if set.</param>
    /// <param name="startDirectories">Directories to walk up from.</param>
    public static string? Locate(string? configured, IEnumerable<string> startDirectories)
    {
        if (!string.IsNullOrEmpty(configured))
        {
            return File.Exists(configured)
                ? configured
                : throw new EngineException("ENGINE_LIBRARY_NOT_FOUND", $"{Variable} names {configured}, but there is no such file.", hint: InstallHint);
        }

        return startDirectories.Select(FindAbove).FirstOrDefault(found => found is not null);
    }

    private static string Platform => OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsWindows() ? "win32" : "linux";

    private static string Architecture => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "x64";

    private static string FileName => OperatingSystem.IsMacOS() ? "libduckdb.dylib" : OperatingSystem.IsWindows() ? "duckdb.dll" : "libduckdb.so";

    private static string InstallHint => $"run `npm install {PackageName}` above the executable, or set {Variable} to the path of {FileName}";

    private static string? FindAbove(string start)
    {
        for (DirectoryInfo? directory = new(start); directory is not null; directory = directory.Parent)
        {
            string candidate = Path.Combine(directory.FullName, "node_modules", PackageName, FileName);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private static string Load()
    {
        string? configured = Environment.GetEnvironmentVariable(Variable);
        string path = Locate(configured, [AppContext.BaseDirectory, Environment.CurrentDirectory])
            ?? throw new EngineException("ENGINE_LIBRARY_NOT_FOUND", $"libduckdb is not installed: no node_modules/{PackageName}/{FileName} above {AppContext.BaseDirectory}.", hint: InstallHint);
        nint handle = NativeLibrary.Load(path);
        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), (name, _, _) => name == NativeMethods.Library ? handle : 0);
        return path;
    }
}
