using Hearth.Engine.Types;

namespace Hearth.Engine.Sources;

/// <summary>Text files: one column <c>value</c>, a row a line.</summary>
internal static class TextSource
{
    public static FileSource Of(FileListing listing)
    {
        // A line ends at \n, \r\n or \r; the last end begins no further line, and empty lines are rows.
        const string Content = "replace(replace(content, chr(13) || chr(10), chr(10)), chr(13), chr(10))";
        string lines = $"(SELECT unnest(string_split(CASE WHEN ends_with({Content}, chr(10)) THEN left({Content}, length({Content}) - 1) ELSE {Content} END, chr(10))) AS \"value\" FROM read_text({FileScans.FileList(listing)}) WHERE size > 0) lines";
        return new FileSource(lines, [new StructField("value", SparkType.String)], ["\"value\""]);
    }
}
