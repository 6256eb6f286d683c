using System.Text;

namespace Hearth.Aws.Athena;

/// <summary>
/// Result files as Athena writes them: CSV with every value in double quotes and NULL as nothing, a header line first; for statements without columns of
/// their own text, one line a row, values between tabs.
/// </summary>
internal static class ResultFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes a result.</summary>
    /// <returns>Rows without the header.</returns>
    public static long Write(Stream target, IReadOnlyList<QueryColumn> columns, IEnumerable<IReadOnlyList<string?>> rows, bool csv, CancellationToken ct)
    {
        using var writer = new StreamWriter(target, Utf8, leaveOpen: true) { NewLine = "\n" };
        if (csv)
        {
            Line(writer, columns.Select(c => c.Name));
        }

        long count = 0;
        foreach (var row in rows)
        {
            ct.ThrowIfCancellationRequested();
            count++;
            if (csv)
            {
                Line(writer, row);
            }
            else
            {
                // One text may have several lines, as a plan has; each is a row then.
                writer.WriteLine(row.Count == 1 ? row[0]?.TrimEnd('\n') : string.Join('\t', row.Select(v => v?.Replace('\n', ' ').Replace('\t', ' '))));
            }
        }

        return count;
    }

    /// <summary>Reads a row of CSV; null at the end.</summary>
    public static IReadOnlyList<string?>? ReadCsv(ByteReader reader)
    {
        if (reader.Peek() < 0)
        {
            return null;
        }

        var row = new List<string?>();
        while (true)
        {
            row.Add(Value(reader));
            if (reader.Read() is not ',')
            {
                return row;
            }
        }
    }

    /// <summary>Reads a line of text; null at the end.</summary>
    public static IReadOnlyList<string?>? ReadText(ByteReader reader)
    {
        if (reader.Peek() < 0)
        {
            return null;
        }

        var line = new List<byte>();
        int next;
        while ((next = reader.Read()) >= 0 && next is not '\n')
        {
            line.Add((byte)next);
        }

        return Utf8.GetString([.. line]).Split('\t');
    }

    private static void Line(StreamWriter writer, IEnumerable<string?> values)
    {
        var separator = "";
        foreach (var value in values)
        {
            writer.Write(separator);
            separator = ",";
            if (value is not null)
            {
                writer.Write('"');
                writer.Write(value.Replace("\"", "\"\"", StringComparison.Ordinal));
                writer.Write('"');
            }
        }

        writer.WriteLine();
    }

    private static string? Value(ByteReader reader)
    {
        if (reader.Peek() is not '"')
        {
            return null;
        }

        reader.Read();
        var value = new List<byte>();
        while (true)
        {
            var next = reader.Read();
            if (next < 0 || (next is '"' && reader.Peek() is not '"'))
            {
                return Utf8.GetString([.. value]);
            }

            if (next is '"')
            {
                reader.Read();
            }

            value.Add((byte)next);
        }
    }
}

/// <summary>Reads bytes one after another and knows where it is, so that a page can go on where the last one ended.</summary>
internal sealed class ByteReader(Stream stream, long position)
{
    private readonly byte[] buffer = new byte[64 * 1024];
    private int at;
    private int length;

    /// <summary>Bytes before the next one.</summary>
    public long Position { get; private set; } = position;

    /// <summary>The next byte without taking it; -1 at the end.</summary>
    public int Peek()
    {
        if (at == length)
        {
            (at, length) = (0, stream.Read(buffer));
        }

        return length == 0 ? -1 : buffer[at];
    }

    /// <summary>The next byte; -1 at the end.</summary>
    public int Read()
    {
        var next = Peek();
        if (next >= 0)
        {
            at++;
            Position++;
        }

        return next;
    }
}
