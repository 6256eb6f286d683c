using System.Globalization;
using System.Text;
using Hearth.Engine.Session;

namespace Hearth.Engine.CrashHost;

/// <summary>
/// Changes tables, one step after another, until it is killed. Arguments: the warehouse and the first step. Output, one line each, written at once:
/// <c>begin STEP</c>, and <c>ack STEP</c> when the statement has returned.
/// </summary>
public static class Program
{
    private static readonly Stream Output = Console.OpenStandardOutput();

    public static void Main(string[] args)
    {
        using var session = EngineSession.Open(Workload.Options(args[0]));
        Say("open");
        for (var step = int.Parse(args[1], CultureInfo.InvariantCulture); ; step++)
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"begin {step}"));
            Workload.Run(session, step);
            Say(string.Create(CultureInfo.InvariantCulture, $"ack {step}"));
        }
    }

    private static void Say(string line)
    {
        Output.Write(Encoding.ASCII.GetBytes(line + "\n"));
        Output.Flush();
    }
}
