using Hearth.Engine.Duck;
using Hearth.Engine.Session;

namespace Hearth.Bench.Engine;

/// <summary>Start of a session until its first answer, beside bare DuckDB opened for the same question.</summary>
internal static class SessionBench
{
    /// <summary>Prints the ratio.</summary>
    public static void Run()
    {
        string root = Directory.CreateTempSubdirectory("hearth-bench-session-").FullName;
        try
        {
            (double own, double peer) = Timing.Turns(15, () => Own(root), Peer);
            Timing.Print("session start, SELECT 1, end", own, peer);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void Own(string root)
    {
        using EngineSession session = Timing.Open(root);
        Timing.Drain(session, "SELECT 1");
    }

    private static void Peer()
    {
        using DuckDatabase duck = Timing.Bare();
        using DuckConnection bare = duck.Connect();
        Timing.Drain(bare, "SELECT 1");
    }
}
