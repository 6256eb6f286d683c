using System.Net;
using System.Net.Sockets;
using Hearth.Cli.CommandLine;

namespace Hearth.Cli.Hosting;

/// <summary>Says early, and in words, that a port cannot be had.</summary>
internal static class PortProbe
{
    /// <summary>Checks each wanted port once; 0 (any free port) always passes.</summary>
    public static void Check(PlatformOptions options)
    {
        Check(options.Address, options.KubernetesPort, "--kubernetes-port");
        Check(options.Address, options.AwsPort, "--aws-port");
        Check(options.Address, options.ConsolePort, "--console-port");
    }

    private static void Check(IPAddress address, int port, string option)
    {
        if (port == 0)
        {
            return;
        }

        try
        {
            using var listener = new TcpListener(address, port);
            listener.Start();
        }
        catch (SocketException error)
        {
            throw Explain(error, address, port, option);
        }
    }

    private static CliException Explain(SocketException error, IPAddress address, int port, string option) => error.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => new CliException($"port {port} is in use", $"Use {option} 0 for a free one, or {option} N for another."),
        SocketError.AccessDenied => new CliException($"port {port} needs more rights than this user has", $"Use {option} with a port above 1023."),
        SocketError.AddressNotAvailable => new CliException($"this machine has no address {address}", "Give another one with --listen."),
        _ => new CliException($"cannot listen on {address}:{port}: {error.Message}", $"Use {option} 0 for a free port."),
    };
}
