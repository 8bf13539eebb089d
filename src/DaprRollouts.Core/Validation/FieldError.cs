using System.Text.Json;
using DaprRollouts.Core.Model;

namespace DaprRollouts.Core.Validation;

/// <summary>Errors in the form of the Kubernetes API.</summary>
public static class FieldError
{
    public static string Invalid(string path, object? value, string detail) => $"{path}: Invalid value: {JsonSerializer.Serialize(value, ModelJson.Options)}: {detail}";

    public static string Required(string path, string detail) => $"{path}: Required value: {detail}";

    public static string Forbidden(string path, string detail) => $"{path}: Forbidden: {detail}";

    public static string Internal(string path, string detail) => $"{path}: Internal error: {detail}";

    /// <summary>The error of a number below zero, or null.</summary>
    public static string? Negative(string path, int? value) =>
        value < 0 ? Invalid(path, value, "must be greater than or equal to 0") : null;
}
