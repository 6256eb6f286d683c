using System.Globalization;
using Hearth.Jobs.Model;
using Hearth.Jobs.Service;

namespace Hearth.Jobs.Templates;

/// <summary>Declared parameters, their defaults and the values that a request gives.</summary>
internal static class TemplateParameters
{
    private const NumberStyles Numbers = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
    private static readonly IReadOnlyDictionary<string, TemplateParameterConfiguration> None = new Dictionary<string, TemplateParameterConfiguration>(StringComparer.Ordinal);

    /// <summary>A declaration by itself: defaults must be of their type, placeholders must be declared.</summary>
    /// <param name="declared">The parameters.</param>
    /// <param name="used">Placeholders with the paths where they stand.</param>
    /// <exception cref="JobValidationException">It cannot work with any values.</exception>
    public static void Check(IReadOnlyDictionary<string, TemplateParameterConfiguration>? declared, IReadOnlyDictionary<string, string> used)
    {
        foreach (var (name, path) in used)
        {
            if (!(declared ?? None).ContainsKey(name))
            {
                throw new JobValidationException(
                    $"Parameter {name} is used at jobTemplateData.{path} but not declared: add it to jobTemplateData.parameterConfiguration.{Meant(name, (declared ?? None).Keys)}",
                    $"jobTemplateData.{path}");
            }
        }

        foreach (var (name, parameter) in declared ?? None)
        {
            if (parameter.DefaultValue is { } value)
            {
                CheckType(name, parameter, value, $"jobTemplateData.parameterConfiguration.{name}.defaultValue");
            }
        }
    }

    /// <summary>The value of every declared parameter that has one.</summary>
    /// <param name="declared">The parameters.</param>
    /// <param name="given">Values of the request.</param>
    /// <param name="used">Placeholders of the template; each needs a value.</param>
    /// <exception cref="JobValidationException">A value is missing, not of its type, or of no declared parameter.</exception>
    public static IReadOnlyDictionary<string, string> Values(
        IReadOnlyDictionary<string, TemplateParameterConfiguration>? declared, IReadOnlyDictionary<string, string>? given, IEnumerable<string> used)
    {
        declared ??= None;
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in given ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (!declared.TryGetValue(name, out var parameter))
            {
                throw new JobValidationException(
                    $"Job template parameter {name} is not declared by the job template: it declares [{string.Join(", ", declared.Keys.Order(StringComparer.Ordinal))}].{Meant(name, declared.Keys)}",
                    $"jobTemplateParameters.{name}");
            }

            CheckType(name, parameter, value, $"jobTemplateParameters.{name}");
            values[name] = value;
        }

        foreach (var (name, parameter) in declared.Where(d => d.Value.DefaultValue is not null))
        {
            values.TryAdd(name, parameter.DefaultValue!);
        }

        return used.FirstOrDefault(u => !values.ContainsKey(u)) is { } missing
            ? throw new JobValidationException($"Job template parameter {missing} has no value: it has no default, so give one in jobTemplateParameters.", $"jobTemplateParameters.{missing}")
            : values;
    }

    private static void CheckType(string name, TemplateParameterConfiguration parameter, string value, string field)
    {
        if (parameter.Type == "NUMBER" && !(double.TryParse(value, Numbers, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)))
        {
            throw new JobValidationException($"Job template parameter {name} is a NUMBER, and the value at '{field}' is not one.", field);
        }
    }

    private static string Meant(string word, IEnumerable<string> known) => Spelling.Nearest(word, known) is { } near ? $" Did you mean {near}?" : "";
}
