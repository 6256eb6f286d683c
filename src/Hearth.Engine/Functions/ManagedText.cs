using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hearth.Engine.Duck;
using Hearth.Engine.Formatting;

namespace Hearth.Engine.Functions;

/// <summary>Text functions of our own.</summary>
internal static class ManagedText
{
    public static void Register(ManagedFunctions f)
    {
        f.Add<string, TextCodec, string, TextCodec>("hearth_json_string", (string s, out string r) =>
            ManagedLibrary.Give($"\"{JsonEncodedText.Encode(s, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"", out r));
        f.Add<long, LongCodec, string, TextCodec, string, TextCodec>("hearth_iso_timestamp", (long t, string zone, out string r) => ManagedLibrary.Give(Iso(t, zone), out r));
    }

    private static string Iso(long micros, string zone)
    {
        long offset = zone.Length == 0 ? 0 : DateText.OffsetMicros(micros, Zones.Require(zone)) / 60_000_000;
        string local = DateText.OfLocal(micros + (offset * 60_000_000)).Replace(' ', 'T');
        int dot = local.IndexOf('.', StringComparison.Ordinal);
        string fraction = dot < 0 ? ".000" : local[dot..].PadRight(4, '0');
        string text = (dot < 0 ? local : local[..dot]) + fraction;
        return zone.Length == 0 ? text : text + (offset == 0 ? "Z" : string.Create(CultureInfo.InvariantCulture, $"{(offset < 0 ? '-' : '+')}{Math.Abs(offset) / 60:00}:{Math.Abs(offset) % 60:00}"));
    }
}
