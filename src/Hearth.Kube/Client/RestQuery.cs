using System.Globalization;
using System.Text;

namespace Hearth.Kube.Client;

/// <summary>A query string; members without a value are left out.</summary>
internal sealed class RestQuery
{
    private readonly StringBuilder _text = new();

    public RestQuery Add(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _text.Append(_text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return this;
    }

    public RestQuery Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
