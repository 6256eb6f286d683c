using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Hearth.Aws.S3.Storage;

namespace Hearth.Aws.Tests.S3;

public sealed class KeyNamesTests
{
    [Theory]
    [InlineData("part-00000-2f1e.c000.snappy.parquet")]
    [InlineData("date=2024-05-01")]
    [InlineData("a b+c%2Fd ü")]
    [InlineData("_SUCCESS")]
    [InlineData(".hidden")]
    [InlineData("...")]
    public void An_ordinary_segment_is_its_own_name(string segment) => KeyNames.Encode(segment, directory: false, alternate: false).ShouldBe([segment]);

    [Theory]
    [InlineData("", ".s3~e")]
    [InlineData(".", ".s3~e.")]
    [InlineData("..", ".s3~e..")]
    [InlineData(".s3~e", ".s3~e.s3~e")]
    public void A_segment_that_no_file_system_holds_has_a_name_that_says_so(string segment, string name) =>
        KeyNames.Encode(segment, directory: false, alternate: false).ShouldBe([name]);

    [Fact]
    public void Names_can_be_read_back_fit_the_file_system_and_never_leave_their_directory() => Prop.ForAll(
        Segments().ToArbitrary(), ArbMap.Default.ArbFor<bool>(), ArbMap.Default.ArbFor<bool>(), (segment, directory, alternate) =>
        {
            var names = KeyNames.Encode(segment, directory, alternate);
            var back = new StringBuilder();
            foreach (var name in names)
            {
                if (name.Length == 0 || name is "." or ".." || name.Contains('/') || Encoding.UTF8.GetByteCount(name) > 255)
                {
                    return false;
                }
                KeyNames.Decode(name, out var text);
                back.Append(text);
            }
            return back.ToString() == segment;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Keys_are_ordered_by_their_UTF8_bytes() => Prop.ForAll(Segments().ToArbitrary(), Segments().ToArbitrary(), (a, b) =>
        Math.Sign(Utf8Order.Instance.Compare(a, b)) == Math.Sign(Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b))))
        .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    private static Gen<string> Segments()
    {
        var pieces = Gen.Elements(".", "..", ".s3~", "a", "b", "e", "é", "日本", "😀", "\uFFFD", "\uE000", "%2F", " ", "+", "c", new string('x', 90), new string('ü', 60));
        return Gen.Sized(size => pieces.ListOf().Resize(Math.Min(size, 8))).Select(list => string.Concat(list));
    }
}
