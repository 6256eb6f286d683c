using Amazon.CDK;
using Hearth.Platform;

namespace CdkApp;

/// <summary>What <c>cdk synth</c>, <c>cdk diff</c> and <c>cdk deploy</c> start.</summary>
public static class Program
{
    /// <summary>Synthesises the app; 2 when a property is wrong, which is said with its path before anything is made.</summary>
    public static int Main()
    {
        try
        {
            var app = new App();
            _ = new DataStack(app, "data");
            app.Synth();
            return 0;
        }
        catch (PlatformException wrong)
        {
            System.Console.Error.WriteLine(wrong.Message);
            return 2;
        }
    }
}
