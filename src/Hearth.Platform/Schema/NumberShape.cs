using System.Globalization;
using System.Text.Json.Nodes;
using Hearth.Platform.Yaml;

namespace Hearth.Platform.Schema;

/// <summary>A number in a range, with or without a fraction.</summary>
internal sealed class NumberShape(double least, double most) : Shape<double>
{
    public override string TypeName => "number";

    public override double Read(YamlNode node, string path, ReadContext context, double start)
    {
        if (node is YamlScalar { Plain: true } scalar
            && double.TryParse(scalar.Text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        WrongType(node, path, context, "a number");
        return start;
    }

    public override void Check(double value, string path, Faults faults)
    {
        if (!(value >= least && value <= most))
        {
            faults.Add(path, string.Create(CultureInfo.InvariantCulture, $"{value} is not between {least} and {most}"));
        }
    }

    public override JsonNode Write(double value) => value;

    public override bool IsEmpty(double value) => value == 0;

    public override JsonObject Describe(Definitions definitions) => new() { ["type"] = "number", ["minimum"] = least, ["maximum"] = most };
}
