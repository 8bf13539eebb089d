using System.Text.Json.Nodes;
using DaprRollouts.DevCluster.Api;
using DaprRollouts.DevCluster.Json;

namespace DaprRollouts.DevCluster.Schema;

/// <summary>The limits that a schema sets to texts and numbers.</summary>
internal static class ScalarValidation
{
    public static IEnumerable<FieldError> CheckText(string text, SchemaNode schema, string path)
    {
        if (schema.MinLength is { } min && text.Length < min)
        {
            yield return FieldError.Quoted(path, text, $"{path} in body should be at least {min} chars long");
        }
        if (schema.MaxLength is { } max && text.Length > max)
        {
            yield return FieldError.Quoted(path, text, $"{path} in body should be at most {max} chars long");
        }
        if (schema.Pattern is { } pattern && !pattern.IsMatch(text))
        {
            yield return FieldError.Quoted(path, text, $"{path} in body should match '{pattern}'");
        }
        if (schema.Format == "date-time" && !DateTimeOffset.TryParse(text, out _))
        {
            yield return FieldError.Quoted(path, text, $"{path} in body must be of type date-time: \"{text}\"");
        }
    }

    public static IEnumerable<FieldError> CheckNumber(JsonNode value, SchemaNode schema, string path)
    {
        var number = SchemaNode.Double(value)!.Value;
        var text = JsonTree.Text(value);
        if (schema.Minimum is { } min && (schema.ExclusiveMinimum ? number <= min : number < min))
        {
            yield return FieldError.Invalid(path, text, $"{path} in body should be greater than {(schema.ExclusiveMinimum ? "" : "or equal to ")}{min}");
        }
        if (schema.Maximum is { } max && (schema.ExclusiveMaximum ? number >= max : number > max))
        {
            yield return FieldError.Invalid(path, text, $"{path} in body should be less than {(schema.ExclusiveMaximum ? "" : "or equal to ")}{max}");
        }
        if (schema.MultipleOf is { } step && Math.Abs(Math.IEEERemainder(number, step)) > 1e-9)
        {
            yield return FieldError.Invalid(path, text, $"{path} in body should be a multiple of {step}");
        }
        if (schema.Format == "int32" && number is < int.MinValue or > int.MaxValue)
        {
            yield return FieldError.Invalid(path, text, $"{path} in body must be of type int32: \"{text}\"");
        }
    }
}
