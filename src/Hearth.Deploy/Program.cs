using Amazon.CDK;
using Hearth.Deploy.Stacks;
using Hearth.Platform;

namespace Hearth.Deploy;

/// <summary>
/// The CDK app: <c>Hearth.Deploy PLATFORM OUT [ADMIN-ARN...]</c> writes the cloud assembly of a declaration to a directory. It only synthesises; it
/// needs no account and calls no service. Started by <c>hearth deploy</c>.
/// </summary>
internal static class Program
{
    private const int BadInput = 2;

    public static int Main(string[] args)
    {
        if (args.Length < 2)
        {
            Console.Error.WriteLine("usage: Hearth.Deploy PLATFORM OUT [ADMIN-ARN...]");
            return BadInput;
        }

        try
        {
            // Read first: a wrong declaration starts no runtime and leaves no directory.
            var platform = PlatformLoader.Load(args[0]);
            var app = new App(new AppProps { Outdir = args[1], AnalyticsReporting = false });
            PlatformStacks.Add(app, platform, args[2..]);
            app.Synth();
            return 0;
        }
        catch (PlatformException wrong)
        {
            Console.Error.WriteLine(wrong.Message);
            if (wrong.Hint is { } hint)
            {
                Console.Error.WriteLine(hint);
            }

            return BadInput;
        }
    }
}
