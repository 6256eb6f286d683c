using System.Globalization;
using System.Numerics;
using System.Text;
using Hearth.Engine.Duck;
using static Hearth.Engine.Functions.ManagedLibrary;

namespace Hearth.Engine.Functions;

/// <summary>UTF-8, AES, bitmaps, CSV fields, number patterns.</summary>
internal static class ManagedExtras
{
    private const int BitmapBytes = 4096;

    public static void Register(ManagedFunctions f)
    {
        f.Add<byte[], BlobCodec, bool, BoolCodec>("hearth_utf8_valid", (byte[] b, out bool r) => Give(System.Text.Unicode.Utf8.IsValid(b), out r));
        f.AddTextList("hearth_sentences", 1, a => Sentences(a[0]));
        f.AddText("hearth_aes_encrypt", 6, a => a.Any(v => v is null) ? null : AesText.Encrypt(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!, a[5]!));
        f.AddText("hearth_aes_decrypt", 5, a => a.Any(v => v is null) ? null : AesText.Decrypt(a[0]!, a[1]!, a[2]!, a[3]!, a[4]!));
        f.Add<byte[], BlobCodec, long, LongCodec>("hearth_bitmap_count", (byte[] b, out long r) => Give(b.Sum(x => (long)BitOperations.PopCount(x)), out r));
        f.Add<string, TextCodec, byte[], BlobCodec>("hearth_bitmap_of", (string s, out byte[] r) => Give(Bitmap(s), out r));
        f.Add<string, TextCodec, byte[], BlobCodec>("hearth_bitmap_or", (string s, out byte[] r) => Give(Union(s), out r));
        f.AddTextList("hearth_csv_split", 2, a => CsvText.Split(a[0], a[1]));
        f.AddTextList("hearth_csv_fields", 2, a => CsvText.Fields(a[0], a[1]));
        f.AddText("hearth_csv_field", 2, a => a[0] is null || a[1] is null ? a[0] : CsvText.Field(a[0]!, a[1]!));
        f.AddText("hearth_to_char", 2, a => a[0] is null || a[1] is null ? null : NumberPattern.Of(a[1]!).Format(a[0]!));
        f.AddText("hearth_to_number", 2, a => a[0] is null || a[1] is null ? null : NumberPattern.Of(a[1]!).Parse(a[0]!));
    }

    private static byte[] Bitmap(string positions)
    {
        byte[] bitmap = new byte[BitmapBytes];
        foreach (string position in positions.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            long bit = long.Parse(position, CultureInfo.InvariantCulture);
            if (bit is < 0 or >= BitmapBytes * 8)
            {
                throw new EngineException("INVALID_BITMAP_POSITION", $"The 0-indexed bitmap position {bit} is out of bounds. The bitmap has {BitmapBytes * 8} bits ({BitmapBytes} bytes).", ErrorKind.SparkRuntimeException);
            }

            bitmap[bit / 8] |= (byte)(1 << (int)(bit % 8));
        }

        return bitmap;
    }

    private static byte[] Union(string bitmaps)
    {
        byte[] all = new byte[BitmapBytes];
        foreach (string hex in bitmaps.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            byte[] one = Convert.FromHexString(hex);
            for (int i = 0; i < Math.Min(one.Length, all.Length); i++)
            {
                all[i] |= one[i];
            }
        }

        return all;
    }

    // A sentence ends at . ! or ? before a blank; words are runs of letters, digits and inner apostrophes, given with blanks between.
    private static List<string> Sentences(string text)
    {
        List<string> sentences = [];
        StringBuilder words = new();
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool inner = c is '\'' or '.' or ',' && i > 0 && i + 1 < text.Length && char.IsLetterOrDigit(text[i - 1]) && char.IsLetterOrDigit(text[i + 1]);
            if (char.IsLetterOrDigit(c) || c == '_' || inner)
            {
                words.Append(c);
            }
            else if (c is '.' or '!' or '?' && (i + 1 == text.Length || char.IsWhiteSpace(text[i + 1])))
            {
                Flush();
            }
            else if (words.Length > 0 && words[^1] != ' ')
            {
                words.Append(' ');
            }
        }

        Flush();
        return sentences;

        void Flush()
        {
            if (words.ToString().Trim() is { Length: > 0 } sentence)
            {
                sentences.Add(sentence);
            }

            words.Clear();
        }
    }
}
