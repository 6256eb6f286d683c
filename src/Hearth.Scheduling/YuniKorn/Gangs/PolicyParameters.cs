using System.Globalization;

namespace Hearth.Scheduling.YuniKorn.Gangs;

/// <summary>What happens to an application whose gang is not complete in time.</summary>
public enum GangStyle
{
    /// <summary>It goes on without gang: its pods are placed one by one.</summary>
    Soft,

    /// <summary>It fails.</summary>
    Hard,
}

/// <summary>A token of the annotation that has no effect.</summary>
/// <param name="Text">As it stands there.</param>
/// <param name="Why">For people.</param>
/// <param name="Suggestion">The key that was probably meant, or null.</param>
public sealed record IgnoredParameter(string Text, string Why, string? Suggestion);

/// <summary>
/// The annotation <c>yunikorn.apache.org/schedulingPolicyParameters</c>. YuniKorn knows two keys and drops everything else without a word
/// (yunikorn-k8shim, pkg/cache/gang_utils.go): what was dropped is kept here, so that others can say it.
/// </summary>
/// <param name="PlaceholderTimeout">How long placeholders may wait, counted from the first that is placed; never null (default 15 minutes).</param>
/// <param name="TimeoutIsDefault">Nobody set it, or not in a way that counts.</param>
/// <param name="Style">Soft unless it says exactly <c>Hard</c>.</param>
/// <param name="Ignored">Tokens without effect.</param>
public sealed record PolicyParameters(TimeSpan PlaceholderTimeout, bool TimeoutIsDefault, GangStyle Style, IReadOnlyList<IgnoredParameter> Ignored)
{
    /// <summary>Key of the time-out, in seconds.</summary>
    public const string TimeoutKey = "placeholderTimeoutInSeconds";

    /// <summary>Key of the style.</summary>
    public const string StyleKey = "gangSchedulingStyle";

    /// <summary>The time-out of YuniKorn's core when none is set.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(15);

    /// <summary>Nothing set.</summary>
    public static PolicyParameters Default { get; } = new(DefaultTimeout, true, GangStyle.Soft, []);

    /// <summary>The keys that count.</summary>
    public static IReadOnlyList<string> Keys { get; } = [TimeoutKey, StyleKey];

    /// <summary>Reads the annotation; null and empty give the defaults.</summary>
    public static PolicyParameters Parse(string? annotation)
    {
        var (timeout, style) = ((TimeSpan?)null, GangStyle.Soft);
        var ignored = new List<IgnoredParameter>();
        foreach (var token in (annotation ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = token.Split('=');
            if (parts.Length != 2)
            {
                ignored.Add(new(token, "not of the form key=value", null));
            }
            else if (parts[0] == TimeoutKey)
            {
                timeout = ReadSeconds(parts[1], token, ignored);
            }
            else if (parts[0] == StyleKey)
            {
                style = ReadStyle(parts[1], token, ignored);
            }
            else
            {
                ignored.Add(new(token, $"'{parts[0]}' is not a YuniKorn key and has no effect", Suggest(parts[0])));
            }
        }

        return new(timeout ?? DefaultTimeout, timeout is null, style, ignored);
    }

    private static TimeSpan? ReadSeconds(string text, string token, List<IgnoredParameter> ignored)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < int.MaxValue)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        ignored.Add(new(token, $"the time-out must be a number of seconds above 0; the default of {DefaultTimeout.TotalSeconds:0} s applies", null));
        return null;
    }

    private static GangStyle ReadStyle(string text, string token, List<IgnoredParameter> ignored)
    {
        if (text is not ("Hard" or "Soft"))
        {
            ignored.Add(new(token, "the style must be exactly Hard or Soft; Soft applies", null));
        }

        return text == "Hard" ? GangStyle.Hard : GangStyle.Soft;
    }

    private static string? Suggest(string key) =>
        key.Contains("timeout", StringComparison.OrdinalIgnoreCase) ? TimeoutKey
        : key.Contains("style", StringComparison.OrdinalIgnoreCase) || key.Contains("gang", StringComparison.OrdinalIgnoreCase) ? StyleKey : null;
}
