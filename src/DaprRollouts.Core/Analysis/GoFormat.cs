using System.Globalization;
using System.Text;

using DaprRollouts.Core.Analysis.Expressions;

namespace DaprRollouts.Core.Analysis;

/// <summary>Values as text, in the formats that users of Argo Rollouts know: those of Go.</summary>
public static class GoFormat
{
    /// <summary>The shortest decimal that reads back as the same number, never with an exponent.</summary>
    public static string Shortest(double number) => Special(number) ?? Plain(Digits.Of(number));

    /// <summary>A fixed number of decimals.</summary>
    public static string Fixed(double number, int decimals) =>
        Special(number) ?? number.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>The default format: numbers with an exponent from 1e+06 on and below 1e-04, lists as <c>[a b]</c>.</summary>
    public static string Default(object? value) => value switch
    {
        null => "<nil>",
        bool yes => yes ? "true" : "false",
        double number => Number(number),
        string text => text,
        TimeSpan duration => Duration(duration),
        DateTimeOffset time => Time(time),
        TimeZoneInfo zone => zone.Id,
        IReadOnlyDictionary<string, object?> map => "map[" + string.Join(' ', Sorted(map).Select(e => $"{e.Key}:{Default(e.Value)}")) + "]",
        IReadOnlyList<object?> list => "[" + string.Join(' ', list.Select(Default)) + "]",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Time(DateTimeOffset time)
    {
        var offset = time.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "");
        return $"{time.ToString("yyyy-MM-dd HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture)} {offset} {(time.Offset == TimeSpan.Zero ? "UTC" : offset)}";
    }

    /// <summary>Compact JSON with sorted keys; <c>&lt; &gt; &amp;</c> are escaped.</summary>
    public static string Json(object? value)
    {
        var text = new StringBuilder();
        WriteJson(text, value);
        return text.ToString();
    }

    /// <summary>The same JSON, an element or member a line.</summary>
    /// <param name="compact">What has no blanks.</param>
    /// <param name="counted">Told of the characters that are about to be added, which may be many times as many.</param>
    public static string IndentedJson(string compact, Action<int> counted)
    {
        var text = new StringBuilder();
        var (depth, isText) = (0, false);
        for (var i = 0; i < compact.Length; i++)
        {
            var c = compact[i];
            isText ^= c == '"';
            if (!isText && c is '}' or ']' && compact[i - 1] is not ('{' or '['))
            {
                Break(--depth);
            }

            text.Append(c);
            if (isText && c == '\\')
            {
                text.Append(compact[++i]);
            }
            else if (!isText && (c == ',' || (c is '{' or '[' && compact[i + 1] is not ('}' or ']'))))
            {
                Break(depth += c == ',' ? 0 : 1);
            }
            else if (!isText && c == ':')
            {
                text.Append(' ');
            }
        }

        return text.ToString();

        void Break(int at)
        {
            counted(2 * at);
            text.Append('\n').Append(' ', 2 * at);
        }
    }

    /// <summary>A duration as Go writes it: <c>1h30m0s</c>, <c>1.5s</c>, <c>20ms</c>.</summary>
    public static string Duration(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
        {
            return "0s";
        }

        var sign = duration < TimeSpan.Zero ? "-" : "";
        var size = duration.Duration();
        if (size < TimeSpan.FromSeconds(1))
        {
            var (unit, name) = size.TotalMilliseconds >= 1 ? (size.TotalMilliseconds, "ms") : (size.TotalMicroseconds, "µs");
            return sign + Shortest(unit) + name;
        }

        var hours = (long)size.TotalHours;
        var seconds = Shortest((double)(size.Ticks % TimeSpan.TicksPerMinute) / TimeSpan.TicksPerSecond) + "s";
        return sign + (hours > 0 ? $"{hours}h{size.Minutes}m{seconds}" : size.Minutes > 0 ? $"{size.Minutes}m{seconds}" : seconds);
    }

    private static void WriteJson(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string s:
                WriteText(text, s);
                break;
            case double number:
                text.Append(JsonNumber(number));
                break;
            case IReadOnlyDictionary<string, object?> map:
                WriteAll(text, '{', Sorted(map), '}', entry =>
                {
                    WriteJson(text, entry.Key);
                    text.Append(':');
                    WriteJson(text, entry.Value);
                });
                break;
            case IReadOnlyList<object?> list:
                WriteAll(text, '[', list, ']', item => WriteJson(text, item));
                break;
            case DateTimeOffset time:
                WriteJson(text, time.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF" + (time.Offset == TimeSpan.Zero ? "Z" : "zzz"), CultureInfo.InvariantCulture));
                break;
            case TimeZoneInfo:
                text.Append("{}");
                break;
            case DayOfWeek or Month:
                text.Append((int)value);
                break;
            case TimeSpan duration:
                text.Append((long)Math.Clamp(duration.Ticks * 100m, long.MinValue, long.MaxValue));
                break;
            default:
                text.Append(Default(value));
                break;
        }
    }

    private static void WriteText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }

    private static void WriteAll<T>(StringBuilder text, char open, IEnumerable<T> items, char close, Action<T> write)
    {
        text.Append(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first)
            {
                text.Append(',');
            }

            first = false;
            write(item);
        }

        text.Append(close);
    }

    private static IEnumerable<KeyValuePair<string, object?>> Sorted(IReadOnlyDictionary<string, object?> map) =>
        map.OrderBy(e => e.Key, StringComparer.Ordinal);

    private static string? Special(double number) =>
        double.IsNaN(number) ? "NaN" : double.IsPositiveInfinity(number) ? "+Inf" : double.IsNegativeInfinity(number) ? "-Inf" : null;

    private static string Number(double number)
    {
        if (Special(number) is { } special)
        {
            return special;
        }

        var digits = Digits.Of(number);
        return digits.Text != "0" && digits.Exponent is < -4 or >= 6 ? Scientific(digits, 2) : Plain(digits);
    }

    private static string JsonNumber(double number)
    {
        if (Special(number) is not null)
        {
            return "null";
        }

        var digits = Digits.Of(number);
        return digits.Text != "0" && (digits.Exponent < -6 || digits.Exponent >= 21) ? Scientific(digits, 1) : Plain(digits);
    }

    private static string Scientific(Digits digits, int exponentDigits)
    {
        var fraction = digits.Text.Length > 1 ? "." + digits.Text[1..] : "";
        var exponent = Math.Abs(digits.Exponent).ToString(CultureInfo.InvariantCulture).PadLeft(digits.Exponent < 0 ? exponentDigits : 2, '0');
        return $"{digits.Sign}{digits.Text[0]}{fraction}e{(digits.Exponent < 0 ? '-' : '+')}{exponent}";
    }

    private static string Plain(Digits digits)
    {
        var point = digits.Exponent + 1;
        var text = digits.Text;
        return digits.Sign + (point <= 0
            ? "0." + new string('0', -point) + text
            : point >= text.Length ? text + new string('0', point - text.Length) : text[..point] + "." + text[point..]);
    }

    /// <summary>A number as its shortest significant digits and a decimal exponent: <c>d.ddd * 10^Exponent</c>.</summary>
    private readonly record struct Digits(string Sign, string Text, int Exponent)
    {
        public static Digits Of(double number)
        {
            var sign = double.IsNegative(number) ? "-" : "";
            if (number == 0)
            {
                return new Digits(sign, "0", 0);
            }

            var shortest = number.ToString("R", CultureInfo.InvariantCulture);

            var mark = shortest.IndexOf('E');
            var mantissa = (mark < 0 ? shortest : shortest[..mark]).TrimStart('-');
            var shift = mark < 0 ? 0 : int.Parse(shortest.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            var point = mantissa.IndexOf('.');
            var whole = point < 0 ? mantissa : mantissa[..point];
            var all = point < 0 ? mantissa : whole + mantissa[(point + 1)..];
            var leading = all.Length - all.TrimStart('0').Length;
            return new Digits(sign, all.Trim('0'), whole.Length - 1 - leading + shift);
        }
    }
}
