using System.Text;
using System.Text.Json;

namespace ResNet.Runtime.Detection.Data.Coco;

/// <summary>Reads a JSON file token by token through a buffer: files of instances have hundreds of megabytes, most of it outlines.</summary>
sealed class JsonTokens : IDisposable
{
    readonly Stream _stream;
    byte[] _buffer = new byte[1 << 16];
    int _position, _length;
    bool _isFinal;
    JsonReaderState _state;

    public JsonTokens(Stream stream)
    {
        _stream = stream;
        _length = stream.ReadAtLeast(_buffer, Encoding.UTF8.Preamble.Length, throwOnEndOfStream: false);
        // A mark of the byte order, as some editors write, is no JSON.
        if (_buffer.AsSpan(0, _length).StartsWith(Encoding.UTF8.Preamble)) _position = Encoding.UTF8.Preamble.Length;
    }

    /// <summary>The kind of the current token.</summary>
    public JsonTokenType Type { get; private set; }

    /// <summary>The current string or property name; null for other tokens.</summary>
    public string? Text { get; private set; }

    /// <summary>The current number; null for other tokens.</summary>
    public double? Number { get; private set; }

    /// <summary>The current number, where it is a whole one of 64 bits.</summary>
    public long? Whole { get; private set; }

    /// <summary>Moves on to the next token.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="JsonException">The file is no JSON.</exception>
    public bool Read()
    {
        while (true)
        {
            var reader = new Utf8JsonReader(_buffer.AsSpan(_position, _length - _position), _isFinal, _state);
            var hasToken = reader.Read();
            (_position, _state) = (_position + (int)reader.BytesConsumed, reader.CurrentState);
            if (hasToken)
            {
                Take(ref reader);
                return true;
            }
            if (_isFinal) return false;
            Fill();
        }
    }

    /// <summary>Moves on to the next token, which there is: the reader refuses a file that ends within a value.</summary>
    /// <exception cref="JsonException">The file is no JSON.</exception>
    public JsonTokenType Next() => Read() ? Type : throw new JsonException("The file is empty.");

    /// <summary>Passes the value that the current token begins, without a look at what it holds: outlines are most of a file.</summary>
    public void Skip()
    {
        var depth = Step(Type);
        while (depth > 0)
        {
            var reader = new Utf8JsonReader(_buffer.AsSpan(_position, _length - _position), _isFinal, _state);
            while (depth > 0 && reader.Read())
            {
                Type = reader.TokenType;
                depth += Step(Type);
            }
            (_position, _state) = (_position + (int)reader.BytesConsumed, reader.CurrentState);
            if (depth > 0) Fill();
        }

        static int Step(JsonTokenType type) => type switch
        {
            JsonTokenType.StartArray or JsonTokenType.StartObject => 1,
            JsonTokenType.EndArray or JsonTokenType.EndObject => -1,
            _ => 0,
        };
    }

    public void Dispose() => _stream.Dispose();

    void Take(ref Utf8JsonReader reader)
    {
        Type = reader.TokenType;
        Text = Type is JsonTokenType.String or JsonTokenType.PropertyName ? reader.GetString() : null;
        Number = Type == JsonTokenType.Number ? reader.GetDouble() : null;
        Whole = Type == JsonTokenType.Number && reader.TryGetInt64(out var whole) ? whole : null;
    }

    void Fill()
    {
        var rest = _length - _position;
        // A token longer than the buffer.
        if (rest == _buffer.Length) Array.Resize(ref _buffer, checked(2 * _buffer.Length));
        _buffer.AsSpan(_position, rest).CopyTo(_buffer);
        var read = _stream.Read(_buffer.AsSpan(rest));
        (_position, _length, _isFinal) = (0, rest + read, read == 0);
    }
}
