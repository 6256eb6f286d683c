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

        // The jsii runtime warns about Node versions on standard error, whatever the user can do about it.
        System.Environment.SetEnvironmentVariable("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "1");
        System.Environment.SetEnvironmentVariable("JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION", "1");
        System.Environment.SetEnvironmentVariable("JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION", "1");
        try
        {
            var app = new App(new AppProps { Outdir = args[1], AnalyticsReporting = false });
            PlatformStacks.Add(app, PlatformLoader.Load(args[0]), args[2..]);
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
