using Hearth.Aws.S3.Storage;
using Hearth.Aws.Tests.Http;

namespace Hearth.Aws.Tests.S3;

/// <summary>Many clients at one key.</summary>
public sealed class ContentionTests(Endpoint endpoint) : IClassFixture<Endpoint>
{
    private const string Document =
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>0cc175b9c0f1b6a831c399e269772661</ETag></Part></CompleteMultipartUpload>";

    [Fact]
    public async Task Of_many_that_put_if_absent_one_wins()
    {
        for (var round = 0; round < 5; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
                endpoint.SendAsync("s3", "PUT", $"/data/race{round}", $"writer {i}", [("If-None-Match", "*")])));
            answers.Count(a => a.Status == 200).ShouldBe(1);
            answers.Count(a => a.Status == 412).ShouldBe(15);
            var winner = Array.FindIndex(answers, a => a.Status == 200);
            (await endpoint.SendAsync("s3", "GET", $"/data/race{round}")).Body.ShouldBe($"writer {winner}");
        }
    }

    [Fact]
    public async Task Of_many_that_replace_what_they_read_one_wins()
    {
        var etag = (await endpoint.SendAsync("s3", "PUT", "/data/cas", "first")).Headers.ETag!.Tag;
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => endpoint.SendAsync("s3", "PUT", "/data/cas", $"writer {i}", [("If-Match", etag)])));
        answers.Count(a => a.Status == 200).ShouldBe(1);
        answers.Count(a => a.Status == 412).ShouldBe(11);
    }

    [Fact]
    public async Task Writers_readers_and_listings_of_one_key_see_whole_objects()
    {
        var texts = Enumerable.Range(0, 8).Select(i => new string((char)('a' + i), 1 + (i * 40_000))).ToArray();
        await endpoint.SendAsync("s3", "PUT", "/data/shared", texts[0]);
        var writers = texts.Select(text => Task.Run(async () =>
        {
            for (var i = 0; i < 8; i++)
            {
                (await endpoint.SendAsync("s3", "PUT", "/data/shared", text)).Status.ShouldBe(200);
            }
        })).ToArray();
        while (!Task.WhenAll(writers).IsCompleted)
        {
            texts.ShouldContain((await endpoint.SendAsync("s3", "GET", "/data/shared")).Body);
            (await endpoint.SendAsync("s3", "GET", "/data?prefix=shared")).Body.ShouldContain("<Key>shared</Key>");
        }
        await Task.WhenAll(writers);
    }

    [Fact]
    public async Task An_upload_completed_by_many_at_once_is_completed_once()
    {
        var begun = await endpoint.SendAsync("s3", "POST", "/data/many?uploads");
        var id = System.Text.RegularExpressions.Regex.Match(begun.Body, "<UploadId>(.*)</UploadId>").Groups[1].Value;
        await endpoint.SendAsync("s3", "PUT", $"/data/many?partNumber=1&uploadId={id}", "a");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => endpoint.SendAsync("s3", "POST", $"/data/many?uploadId={id}", Document)));
        answers.ShouldAllBe(a => a.Status == 200);
        answers.Select(a => System.Text.RegularExpressions.Regex.Match(a.Body, "<ETag>.*</ETag>").Value).Distinct().Count().ShouldBe(1);
        endpoint.Storage.Head("data", "many")!.Size.ShouldBe(1);
    }

    [Fact]
    public async Task Completion_abortion_and_late_parts_at_once_end_in_one_of_their_answers()
    {
        for (var round = 0; round < 6; round++)
        {
            var begun = await endpoint.SendAsync("s3", "POST", $"/data/mixed{round}?uploads");
            var upload = $"/data/mixed{round}?uploadId={System.Text.RegularExpressions.Regex.Match(begun.Body, "<UploadId>(.*)</UploadId>").Groups[1].Value}";
            await endpoint.SendAsync("s3", "PUT", upload + "&partNumber=1", "a");
            var answers = await Task.WhenAll(
                endpoint.SendAsync("s3", "POST", upload, Document), endpoint.SendAsync("s3", "DELETE", upload),
                endpoint.SendAsync("s3", "PUT", upload + "&partNumber=2", "b"), endpoint.SendAsync("s3", "GET", upload), endpoint.SendAsync("s3", "GET", "/data?uploads"));
            answers.ShouldAllBe(a => a.Status == 200 || a.Status == 204 || a.Status == 404);
            answers[4].Status.ShouldBe(200);
        }
    }

    [Fact]
    public async Task A_client_that_goes_away_or_sends_too_little_leaves_nothing()
    {
        await endpoint.SendRawAsync("PUT", "/data/short", 100, "only this");
        await endpoint.SendRawAsync("PUT", "/data/long", 3, "much longer than announced");
        await endpoint.UntilAsync(() => Directory.GetFiles(endpoint.StagingDirectory).Length == 0);
        endpoint.Storage.Head("data", "short").ShouldBeNull();
        endpoint.Storage.Head("data", "long")!.Size.ShouldBe(3);
        (await endpoint.SendAsync("s3", "GET", "/data/long")).Body.ShouldBe("muc");
    }
}
