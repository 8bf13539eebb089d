using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace DaprRollouts.Core.Model;

/// <summary>Reads YAML that anybody may have written: whatever is wrong with it is an error with its place, and nothing worse.</summary>
public static class YamlText
{
    // No manifest is a tenth as deep, and the stack would not hold one of ten thousand.
    private const int MostLevels = 500;

    /// <summary>The documents of a text.</summary>
    /// <exception cref="YamlException">It is not YAML, or too deep.</exception>
    public static IList<YamlDocument> Documents(TextReader text)
    {
        var parser = new LevelledParser(new Parser(text));
        var yaml = new YamlStream();
        try
        {
            yaml.Load(parser);
            return yaml.Documents;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            // The library takes some broken texts for mistakes in its own code.
            var end = parser.Current?.End ?? Mark.Empty;
            throw new YamlException(end, end, "what follows cannot be read");
        }
    }

    /// <summary>Counts how deep it is in the text.</summary>
    private sealed class LevelledParser(Parser parser) : IParser
    {
        private int _level;

        public ParsingEvent? Current => parser.Current;

        public bool MoveNext()
        {
            if (!parser.MoveNext())
            {
                return false;
            }

            _level += Current!.NestingIncrease;
            return _level <= MostLevels ? true : throw new YamlException(Current.Start, Current.End, $"more than {MostLevels} levels");
        }
    }
}
