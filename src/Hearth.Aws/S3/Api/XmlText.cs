using System.Globalization;
using System.Text;

namespace Hearth.Aws.S3.Api;

/// <summary>Writes small XML documents, with the character references that keys with control characters need.</summary>
internal sealed class XmlText
{
    private readonly StringBuilder text = new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");

    /// <summary>Namespace of S3's documents.</summary>
    public const string S3Namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

    /// <summary>Opens an element.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="xmlns">Default namespace from here on.</param>
    /// <param name="attributes">More attributes, as they are to stand there.</param>
    public XmlText Open(string name, string? xmlns = null, string? attributes = null)
    {
        text.Append('<').Append(name);
        if (xmlns is not null)
        {
            text.Append(" xmlns=\"").Append(xmlns).Append('"');
        }
        if (attributes is not null)
        {
            text.Append(' ').Append(attributes);
        }
        text.Append('>');
        return this;
    }

    /// <summary>Closes an element.</summary>
    public XmlText Close(string name)
    {
        text.Append("</").Append(name).Append('>');
        return this;
    }

    /// <summary>The only owner there is, as an element of this name.</summary>
    public XmlText Owner(S3Call call, string name = "Owner") => Open(name).Add("ID", call.Options.OwnerId).Close(name);

    /// <summary>Text of the open element.</summary>
    public XmlText Text(string value)
    {
        Escape(value);
        return this;
    }

    /// <summary>An element with text; left out when the text is null.</summary>
    public XmlText Add(string name, string? value)
    {
        if (value is null)
        {
            return this;
        }
        text.Append('<').Append(name).Append('>');
        Escape(value);
        return Close(name);
    }

    /// <summary>An element with a number.</summary>
    public XmlText Add(string name, long value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>An element with <c>true</c> or <c>false</c>.</summary>
    public XmlText Add(string name, bool value) => Add(name, value ? "true" : "false");

    /// <inheritdoc/>
    public override string ToString() => text.ToString();

    private void Escape(string value)
    {
        foreach (var c in value)
        {
            _ = c switch
            {
                '<' => text.Append("&lt;"),
                '>' => text.Append("&gt;"),
                '&' => text.Append("&amp;"),
                '"' => text.Append("&quot;"),
                < ' ' or '\u007f' or '\ufffe' or '\uffff' => text.Append(CultureInfo.InvariantCulture, $"&#x{(int)c:x};"),
                _ => text.Append(c),
            };
        }
    }
}
