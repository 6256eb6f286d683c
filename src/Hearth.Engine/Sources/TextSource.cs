using Hearth.Engine.Types;

namespace Hearth.Engine.Sources;

/// <summary>Text files: one column <c>value</c>, a row a line.</summary>
internal static class TextSource
{
    public static FileSource Of(FileListing listing)
    {
        string lines = $"(SELECT unnest(string_split(rtrim(replace(content, chr(13) || chr(10), chr(10)), chr(10)), chr(10))) AS \"value\" FROM read_text({FileScans.FileList(listing)}) WHERE size > 0) lines";
        return new FileSource(lines, [new StructField("value", SparkType.String)], ["\"value\""]);
    }
}
