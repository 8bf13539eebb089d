using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DaprRollouts.Core.Model;

/// <summary>A value that a manifest may give as an integer or as a string, kept as it was written.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct IntOrString
{
    private readonly string? _text;
    private readonly int _number;

    private IntOrString(string? text, int number) => (_text, _number) = (text, number);

    /// <summary>The number, if it was written as one.</summary>
    public int? Number => _text is null ? _number : null;

    public static implicit operator IntOrString(int number) => new(null, number);

    public static implicit operator IntOrString(string text) => new(text ?? throw new ArgumentNullException(nameof(text)), 0);

    public override string ToString() => _text ?? _number.ToString(CultureInfo.InvariantCulture);

    private sealed class Converter : JsonConverter<IntOrString>
    {
        public override IntOrString Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType switch
            {
                JsonTokenType.Number => reader.GetInt32(),
                JsonTokenType.String => reader.GetString()!,
                _ => throw new JsonException("expected an integer or a string"),
            };

        public override void Write(Utf8JsonWriter writer, IntOrString value, JsonSerializerOptions options)
        {
            if (value._text is { } text)
            {
                writer.WriteStringValue(text);
            }
            else
            {
                writer.WriteNumberValue(value._number);
            }
        }
    }
}
