using System.Text.Json;
using DaprRollouts.Core.Analysis.Expressions;

namespace DaprRollouts.Core.Analysis.Explaining;

/// <summary>Reads the stored text of a measurement back into the result that its conditions saw.</summary>
public static class StoredValue
{
    /// <summary>Whether the text says all there was to see.</summary>
    /// <param name="provider">The provider's name.</param>
    /// <param name="text">The stored value.</param>
    /// <param name="result">The result.</param>
    public static bool TryRead(string provider, string text, out object? result)
    {
        (var isKnown, result) = provider switch
        {
            "prometheus" or "graphite" or "wavefront" => Numbers(text, emptyIsNil: false),
            "datadog" => text is "null" or "[{\"Pointlist\":[]}]" ? (true, null) : Numbers(text, emptyIsNil: true),
            "web" => Json(text) is (true, var json) ? (true, json) : (true, text),
            "newRelic" or "skywalking" => Json(text),
            _ => (false, null), // their text leaves out what conditions may look at
        };
        return isKnown;
    }

    /// <summary>Whether stored values of the provider are rounded.</summary>
    public static bool IsRounded(string provider) => provider is "graphite" or "wavefront";

    private static (bool, object?) Numbers(string text, bool emptyIsNil)
    {
        if (!text.StartsWith('['))
        {
            return GoFloat.TryParse(text, out var number) ? (true, number) : (false, null);
        }

        if (!text.EndsWith(']'))
        {
            return (false, null);
        }

        List<double> numbers = [];
        foreach (var part in text[1..^1].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!GoFloat.TryParse(part, out var item))
            {
                return (false, null);
            }

            numbers.Add(item);
        }

        return (true, numbers.Count == 0 && emptyIsNil ? null : TypedList.OfNumbers(numbers));
    }

    private static (bool, object?) Json(string text)
    {
        try
        {
            return (true, JsonValues.Parse(text));
        }
        catch (JsonException)
        {
            return (false, null);
        }
    }
}
