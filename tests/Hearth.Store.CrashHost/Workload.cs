using System.Text;
using Hearth.Cluster.Store;

namespace Hearth.Store.CrashHost;

/// <summary>
/// What a writer does at each step: a pure function of writer and step number, so that whoever knows the last acknowledged step knows what the
/// store must hold. Every writer has keys of its own and waits for each answer, so at most one step is in flight.
/// </summary>
public static class Workload
{
    private const int Keys = 12;

    /// <summary>The keys of one writer start with this.</summary>
    public static string Prefix(int writer) => $"w{writer}/";

    /// <summary>The mutations of a step, one transaction.</summary>
    public static IReadOnlyList<Mutation> Step(int writer, int step)
    {
        var random = new Random((writer * 1_000_003) + step);
        var key = $"{Prefix(writer)}{random.Next(Keys)}";
        return random.Next(8) switch
        {
            0 => [Mutation.Delete(key)],
            1 => [Mutation.Put($"{Prefix(writer)}left", Value(writer, step, random)), Mutation.Put($"{Prefix(writer)}right", Value(writer, step, random))],
            _ => [Mutation.Put(key, Value(writer, step, random))],
        };
    }

    /// <summary>Applies a step to a model of the writer's keys, as the store does.</summary>
    public static void Apply(IDictionary<string, string> model, IReadOnlyList<Mutation> step)
    {
        foreach (var mutation in step)
        {
            if (mutation.Type == ChangeType.Put)
            {
                model[mutation.Key] = Encoding.ASCII.GetString(mutation.Value.Span);
            }
            else
            {
                model.Remove(mutation.Key);
            }
        }
    }

    private static byte[] Value(int writer, int step, Random random)
    {
        var size = random.Next(20) == 0 ? random.Next(20_000) : random.Next(800);
        var value = new byte[size + 24];
        random.GetItems("abcdefghijklmnopqrstuvwxyz{}\":,"u8, value);
        Encoding.ASCII.GetBytes($"{writer} {step} ", value);
        return value;
    }
}
