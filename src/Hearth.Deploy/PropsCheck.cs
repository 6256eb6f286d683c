using Hearth.Platform;

namespace Hearth.Deploy;

/// <summary>
/// Collects what is wrong with a construct's props, so that one exception names all of it, each with the property's path and what to change.
/// Nothing is made before it has passed.
/// </summary>
/// <param name="type">The props type, which paths begin with.</param>
internal sealed class PropsCheck(string type)
{
    private readonly List<PlatformFault> _faults = [];

    public PropsCheck Require(bool condition, string property, string message)
    {
        if (!condition)
        {
            _faults.Add(new PlatformFault($"{type}.{property}", message));
        }

        return this;
    }

    /// <summary>Takes over what was found in a part; its paths are relative to the props.</summary>
    public PropsCheck Add(IEnumerable<PlatformFault> faults)
    {
        _faults.AddRange(faults.Select(f => f with { Path = $"{type}.{f.Path}" }));
        return this;
    }

    /// <summary>Throws <see cref="PlatformException"/> when something was wrong.</summary>
    public void Throw()
    {
        if (_faults.Count > 0)
        {
            throw new PlatformException(_faults);
        }
    }
}
