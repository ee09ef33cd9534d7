using System.Buffers.Binary;
using System.Text;

namespace ResNet.Runtime.Weights.Python;

/// <summary>
/// Reads a Python pickle, protocols 2 to 5, that holds weights or arrays: containers, numbers, text and what a dialect adds. A pickle
/// is a program, and Python's own reader runs everything that it names; this one runs nothing. The dialect has a fixed list of names, and refuses
/// the others or takes them for objects without contents.
/// Values are null, bool, long, double, string, byte[], object?[] (a tuple), List&lt;object?&gt; (a list or a set), PickleDict and PickleObject.
/// Work and memory are bounded by the number of instructions, since none of them does more than it has bytes or operands:
/// what a memo makes cheap to repeat (long names, long tuples, copies of a list) is refused or paid for.
/// </summary>
ref struct PickleReader(PickleDialect dialect, ReadOnlySpan<byte> pickle)
{
    /// <summary>A thousand times what a deep network's weights take up, ten times what CIFAR's file names do; each instruction makes at most one small object.</summary>
    const int MaxInstructions = 1 << 22;

    /// <summary>The characters that count as one instruction, where a call copies text.</summary>
    const int CharactersPerInstruction = 256;

    /// <summary>The longest name of a class, in characters.</summary>
    const int MaxGlobal = 250;

    readonly ReadOnlySpan<byte> _pickle = pickle;
    readonly List<object?> _stack = [];
    readonly List<int> _marks = [];
    readonly Dictionary<long, object?> _memo = [];
    int _position;
    int _instructions;

    /// <summary>The bytes that were read, up to and with the pickle's STOP.</summary>
    public readonly int Position => _position;

    public object? Read()
    {
        while (_instructions++ < MaxInstructions)
        {
            var at = _position;
            var code = Byte();
            switch ((char)code)
            {
                case '.': return Pop();
                case '\x80':
                    if (Byte() is < 2 or > 5)
                        throw Damaged(at, "only pickle protocols 2 to 5 are read");
                    break;
                case '\x95': Take(8); break; // A frame is a hint for buffering.

                case 'N': Push(null); break;
                case '\x88': Push(true); break;
                case '\x89': Push(false); break;
                case 'J': Push((long)BinaryPrimitives.ReadInt32LittleEndian(Take(4))); break;
                case 'K': Push((long)Byte()); break;
                case 'M': Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2))); break;
                case '\x8a': Push(Integer(Take(Byte()), at)); break;
                case '\x8b': Push(Integer(Take(Length(4)), at)); break;
                case 'G': Push(BinaryPrimitives.ReadDoubleBigEndian(Take(8))); break;
                case 'U': Push(dialect.StringsAreBytes ? Take(Length(1)).ToArray() : Text(1)); break;
                case 'T': Push(dialect.StringsAreBytes ? Take(Length(4)).ToArray() : Text(4)); break;
                case '\x8c': Push(Text(1)); break;
                case 'X': Push(Text(4)); break;
                case '\x8d': Push(Text(8)); break;
                case 'C': Push(Take(Length(1)).ToArray()); break;
                case 'B': Push(Take(Length(4)).ToArray()); break;
                case '\x8e' or '\x96': Push(Take(Length(8)).ToArray()); break;

                case '(': _marks.Add(_stack.Count); break;
                case '0': Pop(); break;
                case '1': PopMarked(at); break;
                case '2':
                    var top = Pop();
                    Push(top);
                    Push(top);
                    break;
                case 'q': _memo[Byte()] = Peek(at); break;
                case 'r': _memo[Length(4)] = Peek(at); break;
                case '\x94': _memo[_memo.Count] = Peek(at); break;
                case 'h': Push(Recall(Byte(), at)); break;
                case 'j': Push(Recall(Length(4), at)); break;

                case ')': Push(Array.Empty<object?>()); break;
                case '\x85': Push(PopMany(1)); break;
                case '\x86': Push(PopMany(2)); break;
                case '\x87': Push(PopMany(3)); break;
                case 't': Push(PopMarked(at)); break;
                case ']' or '\x8f': Push(new List<object?>()); break;
                case 'l' or '\x91': Push(new List<object?>(PopMarked(at))); break;
                case 'a': Append(PopMany(1), at); break;
                case 'e' or '\x90': Append(PopMarked(at), at); break;
                case '}': Push(new PickleDict()); break;
                case 'd':
                    var entries = PopMarked(at);
                    Push(new PickleDict());
                    SetItems(entries, at);
                    break;
                case 's': SetItems(PopMany(2), at); break;
                case 'u': SetItems(PopMarked(at), at); break;

                case 'c': Push(Global(Line(at), Line(at), at)); break;
                case '\x93':
                    if (PopMany(2) is not [string module, string name])
                        throw Damaged(at, "a global name is not text");
                    Push(Global(module, name, at));
                    break;
                case 'R' or '\x81' or '\x92': // A class of this list is made as it is called.
                    if (code == 0x92)
                        Pop(); // Arguments by name, which nothing that is known has.
                    var arguments = Pop();
                    Push(Call(Pop(), arguments, at));
                    break;
                case 'o':
                    Push(PopMarked(at) is [PickleObject made, ..] ? made : throw Damaged(at, "something is made that is no object"));
                    break;
                case 'Q':
                    Push(Pop() is object?[] id && dialect.Find(id) is { } found ? found : throw Damaged(at, $"a reference to a storage is not one that {dialect.Writer} writes"));
                    break;
                case 'b':
                    var state = Pop();
                    if (Peek(at) is not PickleObject && !dialect.SetState(Peek(at), state))
                        throw Damaged(at, $"state is set on something that has none, or another than {dialect.Writer} writes");
                    break;
                default:
                    throw Damaged(at, $"instruction 0x{code:X2} is none that is needed");
            }
        }
        throw dialect.Invalid($"the pickle has more than {MaxInstructions} instructions");
    }

    readonly object Global(string module, string name, int at)
    {
        if (module.Length + name.Length > MaxGlobal)
            throw Damaged(at, "a global name is longer than any that is needed");
        var full = Printable($"{module}.{name}");
        return dialect.Find(full) ?? dialect.Unknown(full);
    }

    object Call(object? callee, object? arguments, int at)
    {
        if (callee is PickleObject)
            return callee;
        // A list or text that was made once may be copied many times.
        var copied = arguments is object?[] { Length: > 0 } and [var first, ..]
            ? first switch { List<object?> list => list.Count, string text => text.Length / CharactersPerInstruction, _ => 0 }
            : 0;
        _instructions += Math.Min(copied, MaxInstructions - _instructions);
        return callee is Enum call && arguments is object?[] values && dialect.Call(call, values) is { } result
            ? result
            : throw Damaged(at, callee is Enum known ? $"{known} is called with other arguments than {dialect.Writer} writes" : "something is called that cannot be");
    }

    readonly void Append(object?[] items, int at)
    {
        if (Peek(at) is List<object?> list)
            list.AddRange(items);
        else if (Peek(at) is not PickleObject)
            throw Damaged(at, "items are added to something that is no list");
    }

    readonly void SetItems(object?[] entries, int at)
    {
        if (Peek(at) is PickleObject)
            return;
        if (Peek(at) is not PickleDict dictionary || entries.Length % 2 != 0)
            throw Damaged(at, "entries are added to something that is no dictionary");
        for (var i = 0; i < entries.Length; i += 2)
            dictionary.Set(entries[i], entries[i + 1]);
    }

    readonly object? Recall(long index, int at) =>
        _memo.TryGetValue(index, out var value) ? value : throw Damaged(at, $"memo {index} was never filled");

    readonly void Push(object? value) => _stack.Add(value);

    readonly object? Peek(int at) => _stack.Count > Floor ? _stack[^1] : throw Damaged(at, "the stack is empty");

    readonly object? Pop()
    {
        var value = Peek(_position);
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    readonly object?[] PopMarked(int at)
    {
        if (_marks.Count == 0)
            throw Damaged(at, "a mark is missing");
        var values = PopMany(_stack.Count - Floor);
        _marks.RemoveAt(_marks.Count - 1);
        return values;
    }

    readonly object?[] PopMany(int count)
    {
        var start = _stack.Count - count;
        if (start < Floor)
            throw Damaged(_position, "the stack is empty");
        var values = _stack.GetRange(start, count).ToArray();
        _stack.RemoveRange(start, count);
        return values;
    }

    /// <summary>The stack's height at the last mark, below which nothing is taken.</summary>
    readonly int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    readonly long Integer(ReadOnlySpan<byte> bytes, int at)
    {
        if (bytes.Length > 8)
            throw Damaged(at, $"an integer of {bytes.Length} bytes is larger than any that is needed");
        long value = bytes.Length > 0 && bytes[^1] >= 0x80 ? -1 : 0;
        for (var i = bytes.Length - 1; i >= 0; i--)
            value = (value << 8) | bytes[i];
        return value;
    }

    string Text(int prefix)
    {
        var length = Length(prefix);
        return length <= dialect.MaxText ? Encoding.UTF8.GetString(Take(length)) : throw dialect.Invalid($"a text of {length} bytes is longer than any that is needed");
    }

    string Line(int at)
    {
        var length = _pickle[_position..].IndexOf((byte)'\n');
        if (length is < 0 or > MaxGlobal)
            throw Damaged(at, "a global name does not end");
        var text = Encoding.UTF8.GetString(Take(length));
        _position++;
        return text;
    }

    /// <summary>An unsigned length in little-endian order.</summary>
    long Length(int bytes)
    {
        ulong value = 0;
        var little = Take(bytes);
        for (var i = bytes - 1; i >= 0; i--)
            value = (value << 8) | little[i];
        return value <= long.MaxValue ? (long)value : long.MaxValue;
    }

    byte Byte() => Take(1)[0];

    ReadOnlySpan<byte> Take(long count)
    {
        if (count > _pickle.Length - _position)
            throw Damaged(_position, $"the pickle ends where {count} more bytes are needed");
        var bytes = _pickle.Slice(_position, (int)count);
        _position += (int)count;
        return bytes;
    }

    readonly Exception Damaged(int at, string problem) => dialect.Invalid($"the pickle is damaged at byte {at}: {problem}");

    static string Printable(string name) => string.Concat(name.Select(c => char.IsControl(c) ? '?' : c));
}
