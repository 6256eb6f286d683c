using System.Globalization;
using System.Text.RegularExpressions;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Commands.Job;

/// <summary>Lengths of time on a command line: <c>90s</c>, <c>5m</c>, <c>2h</c>, <c>1h30m</c>, <c>3d</c>.</summary>
internal static partial class TimeText
{
    /// <summary>Reads one.</summary>
    /// <exception cref="CliException">It is none: exit code 2.</exception>
    public static TimeSpan Read(string option, string text)
    {
        if (Pattern().Match(text) is not { Success: true, Length: > 0 } match)
        {
            throw CliException.BadInput($"{option} {text}: not a length of time", "Write it as 90s, 5m, 1h30m or 3d.");
        }

        double Part(string name) => match.Groups[name].Success ? double.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        return TimeSpan.FromDays(Part("d")) + TimeSpan.FromHours(Part("h")) + TimeSpan.FromMinutes(Part("m")) + TimeSpan.FromSeconds(Part("s"));
    }

    [GeneratedRegex("^((?<d>[0-9]{1,6})d)?((?<h>[0-9]{1,6})h)?((?<m>[0-9]{1,6})m)?((?<s>[0-9]{1,9})s)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pattern();
}
