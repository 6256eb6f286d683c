using System.Security.Cryptography;

namespace Hearth.Jobs.Emr;

/// <summary>
/// Makes job run ids: 19 characters of <c>0-9a-z</c> with seven leading zeros, increasing with time, so that listings by name are listings by age.
/// A clock that stands still or goes back does not make two equal ids.
/// </summary>
public sealed class JobRunIds(TimeProvider time)
{
    private const int Length = 19;
    private const int RandomBits = 20;
    private const string Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
    private readonly Lock _lock = new();
    private long _last;

    /// <summary>The next id.</summary>
    public string Next()
    {
        var wanted = (time.GetUtcNow().ToUnixTimeMilliseconds() << RandomBits) | (long)RandomNumberGenerator.GetInt32(1 << RandomBits);
        lock (_lock)
        {
            _last = Math.Max(wanted, _last + 1);
            return Format(_last);
        }
    }

    private static string Format(long number) => string.Create(Length, number, static (span, value) =>
    {
        for (var at = span.Length - 1; at >= 0; at--)
        {
            span[at] = Digits[(int)(value % 36)];
            value /= 36;
        }
    });
}
